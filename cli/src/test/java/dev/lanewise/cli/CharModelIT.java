package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/text.md}, which learns a text and writes on. */
class CharModelIT {
  private static final String LINE = "so we beat on, boats against the current. ";

  @TempDir private Path folder;

  @BeforeEach
  void train() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("text.txt"), LINE.repeat(60));
    assertThat(run(0, "train", "text.txt", "run", "--epochs", "40")).contains("loss ");
  }

  @Test
  void writesWhatItHasLearned() throws IOException, InterruptedException {
    assertThat(Files.readString(folder.resolve("run/vocabulary.txt")))
        .isEqualTo(" ,.abceghinorstuw");
    String surest = run(0, "sample", "run", "--prompt", "so we", "--length", "60", "--top-k", "1");
    assertThat(surest).startsWith(LINE.substring(0, 40));
    String first = run(0, "sample", "run", "--temperature", "2", "--length", "80");
    assertThat(run(0, "sample", "run", "--temperature", "2", "--length", "80")).isEqualTo(first);
    assertThat(run(0, "sample", "run", "--temperature", "2", "--length", "80", "--seed", "9"))
        .isNotEqualTo(first);
    assertThat(run(1, "sample", "run", "--prompt", "Z")).contains("'Z' is not in the model's");
    assertThat(run(1, "sample", "run", "--temperature", "0")).contains("must be above 0");
  }

  private String run(int exit, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("lanewise.test.jar"),
                Path.of("../docs/CharModel.java").toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    Process example =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(example.getInputStream().readAllBytes());
    assertThat(example.waitFor()).as(output).isEqualTo(exit);
    return output.replaceAll("(?m)^WARNING.*\n", "");
  }
}
