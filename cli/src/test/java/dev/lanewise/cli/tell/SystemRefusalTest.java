package dev.lanewise.cli.tell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the JVM calls by one name, in the words of whoever has to find the cure. */
class SystemRefusalTest {
  private static String line(Error error) {
    return Objects.requireNonNull(SystemRefusal.of(error)).line();
  }

  @Test
  void whatTheSystemRefusesIsNotCalledHeap() {
    assertThat(line(new OutOfMemoryError("Unable to allocate 345816 bytes")))
        .isEqualTo(
            "the system refused memory (Unable to allocate 345816 bytes); end other programs, or"
                + " raise its limit");
    assertThat(line(new OutOfMemoryError("unable to create native thread")))
        .startsWith("the system refused a thread (");
    assertThat(line(new OutOfMemoryError("Java heap space")))
        .startsWith("out of heap memory (Java heap space), of which there are ");
  }

  @Test
  void filesOfTheRuntimeThatCannotBeOpenedAreNoDefect() {
    Error zones = new Error(new FileNotFoundException("tzdb.dat (Too many open files)"));
    assertThat(SystemRefusal.of(zones))
        .isEqualTo(
            new SystemRefusal(
                "the Java runtime could not open a file of its own (tzdb.dat (Too many open"
                    + " files)); raise the limit of open files, ulimit -n",
                ExitCode.DATA));
    assertThat(line(new UnsatisfiedLinkError("libnet.so: Too many open files")))
        .contains("(libnet.so: Too many open files)");
  }

  @Test
  void otherErrorsAreDefects() {
    assertThat(SystemRefusal.of(new AssertionError("a size"))).isNull();
    assertThat(SystemRefusal.of(new Error(new FileNotFoundException("of ours")))).isNull();
    assertThat(SystemRefusal.of(new NoClassDefFoundError("dev/lanewise/Missing"))).isNull();
  }
}
