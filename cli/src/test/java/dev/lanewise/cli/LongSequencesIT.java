package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/long-sequences.md}. */
class LongSequencesIT {
  @Test
  void windowsLearnAndTakeLittle() throws IOException, InterruptedException {
    Process example =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("lanewise.test.jar"),
                Path.of("../docs/LongSequences.java").toAbsolutePath().toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(example.getInputStream().readAllBytes());
    assertThat(example.waitFor()).as(output).isZero();
    long whole = (long) number(output, "whole sequences: ([\\d,]+)");
    long windows = (long) number(output, "windows of 50: ([\\d,]+)");
    assertThat(windows).isBetween(1L, whole / 10);
    assertThat(number(output, "val_binary_accuracy ([\\d.]+)")).isGreaterThan(0.99);
  }

  private static double number(String output, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(output);
    assertThat(found.find()).as(output).isTrue();
    return Double.parseDouble(found.group(1).replace(",", ""));
  }
}
