package dev.lanewise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.golden.Mnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryExampleTest {
  @TempDir private Path folder;

  @Test
  void readmesExampleCompilesAndTrains() throws IOException, InterruptedException {
    String readme = Files.readString(Path.of("../README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(block.find()).as("README has an example").isTrue();
    Path source = Files.writeString(folder.resolve("Example.java"), block.group(1));
    String classPath = Path.of("target/classes").toAbsolutePath().toString();

    Process example =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    source.toString(), // compiled and run in one go
                    Mnist.FOLDER.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(example.getInputStream().readAllBytes());
    assertThat(example.waitFor()).as(output).isZero();
    assertThat(output)
        .containsPattern("test accuracy 0\\.9\\d+")
        .contains("the first test image is a 7");
  }
}
