package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChildErrorsTest {
  private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";

  private static String passed(String written, int atATime) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    new ChildErrors()
        .copy(
            new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8)) {
              @Override
              public int read(byte[] into) {
                return super.read(into, 0, atATime);
              }
            },
            passed);
    return passed.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8192})
  void theWarningAloneIsKeptBackAndOnce(int atATime) {
    assertThat(passed(WARNING + "\nlanewise: x\n", atATime)).isEqualTo("lanewise: x\n");
    assertThat(passed("Picked up\n" + WARNING + "\r\n\r1/2", atATime))
        .isEqualTo("Picked up\n\r1/2");
    assertThat(passed(WARNING + "\n" + WARNING + "\n", atATime)).isEqualTo(WARNING + "\n");
  }

  @ParameterizedTest
  @CsvSource({"WARNING: Using", "WARNING: Unused", "' " + WARNING + "'", "ü", "''"})
  void everythingElseIsPassedOn(String text) {
    for (String end : new String[] {"", "\n", "\nW", "\r"}) {
      assertThat(passed(text + end, 3)).isEqualTo(text + end);
    }
    assertThat(passed(WARNING + ", jdk.other\n", 8192)).isEqualTo(WARNING + ", jdk.other\n");
  }
}
