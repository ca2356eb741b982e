package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the JVM calls by one name, in the words of whoever has to find the cure. */
class RefusedMemoryTest {
  @Test
  void whatTheSystemRefusesIsNotCalledHeap() {
    assertThat(Lanewise.lineOf(new OutOfMemoryError("Unable to allocate 345816 bytes")))
        .isEqualTo(
            "the system refused memory (Unable to allocate 345816 bytes); end other programs, or"
                + " raise its limit");
    assertThat(Lanewise.lineOf(new OutOfMemoryError("unable to create native thread")))
        .startsWith("the system refused a thread (");
    assertThat(Lanewise.lineOf(new OutOfMemoryError("Java heap space")))
        .startsWith("out of heap memory (Java heap space), of which there are ");
  }
}
