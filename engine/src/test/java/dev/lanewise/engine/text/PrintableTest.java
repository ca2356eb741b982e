package dev.lanewise.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void textIsLeftAsItIs() {
    String text = "Größe 図 \uD83D\uDE00 a\\b <i>";
    assertThat(Printable.of(text)).isSameAs(text);
  }

  @Test
  void whatSteersATerminalOrReordersALineIsEscaped() {
    assertThat(Printable.of("a\u001b[31m\r\n\t\u007f\u009b2J"))
        .isEqualTo("a\\u001b[31m\\u000d\\u000a\\u0009\\u007f\\u009b2J");
    assertThat(Printable.of("\u202e\u2066\u2028\uD800x\uDB40\uDC41"))
        .isEqualTo("\\u202e\\u2066\\u2028\\ud800x\\udb40\\udc41");
  }

  @Test
  void longTextIsCutBetweenCharacters() {
    assertThat(Printable.of("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", 2))
        .isEqualTo("\uD83D\uDE00\uD83D\uDE00...");
    assertThat(Printable.of("abc", 3)).isEqualTo("abc");
  }
}
