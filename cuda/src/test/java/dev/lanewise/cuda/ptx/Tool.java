package dev.lanewise.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * NVIDIA's tools, where they are: a build does without, so tests that use them are skipped and say
 * so. With {@code -Dlanewise.test.require.cuda-tools=true} they fail.
 */
final class Tool {
  private Tool() {}

  static void require(String name) {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    assertThat(found || !Boolean.getBoolean("lanewise.test.require.cuda-tools"))
        .withFailMessage(name + " is not on PATH")
        .isTrue();
    assumeTrue(found, name + " is not on PATH");
  }

  /** Runs a command and returns what it printed; it has to succeed. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
