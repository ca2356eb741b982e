package dev.lanewise.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PtxTest {
  private static final String TWO =
      """
      .version 6.3
      .extern .shared .align 16 .b8 words[];
      .visible .entry first(
        .param .u64 p
      )
      {
        { // a scope of its own
        }
        ret;
      }
      .global .u32 between;
      .entry second()
      {
        ret;
      }
      """;

  @Test
  void oneKernelIsCutOutWithWhatAllShare() {
    assertThat(new Ptx("", TWO).only("second"))
        .isEqualToNormalizingWhitespace(
            ".version 6.3 .extern .shared .align 16 .b8 words[]; .global .u32 between;"
                + " .entry second() { ret; }");
    assertThat(new Ptx("", TWO).only("first"))
        .contains("a scope of its own", "between")
        .doesNotContain("second");
  }

  @Test
  void missingKernelIsNamed() {
    assertThatThrownBy(() -> new Ptx("", TWO).only("firs"))
        .hasMessage("the PTX has no kernel firs");
    assertThatThrownBy(() -> new Ptx("new.ptx", TWO).only("firs"))
        .hasMessage("the PTX has no kernel firs: new.ptx");
    assertThatThrownBy(() -> new Ptx("", ".entry first() {").only("first"))
        .hasMessage("the PTX ends within a kernel");
  }

  @Test
  void shippedKernelsAreWholeWhenTheyAreAlone() {
    Ptx shipped = Ptx.read();
    String text = shipped.text();
    List<String> names =
        Pattern.compile("\\.entry (\\w+)\\(").matcher(text).results().map(m -> m.group(1)).toList();
    assertThat(names).hasSizeGreaterThan(18).doesNotHaveDuplicates();
    String header = text.substring(0, text.indexOf(".visible"));
    int length = header.length();
    for (String name : names) {
      String alone = shipped.only(name);
      String entry = alone.substring(header.length()).strip();
      // Compared as booleans: on failure texts of 600 kB would help nobody.
      assertThat(alone.startsWith(header)).as(name).isTrue();
      assertThat(entry.startsWith(".visible .entry " + name + "(")).as(name).isTrue();
      assertThat(entry.lastIndexOf(".entry")).as(name).isEqualTo(".visible ".length());
      assertThat(text.contains(entry)).as(name).isTrue();
      length += entry.length() + 2; // and an empty line
    }
    assertThat(length).isCloseTo(text.length(), within(2));
  }
}
