package dev.lanewise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each block of Java in docs/from-keras.md, compiled and run with what it speaks of around it. */
class FromKerasTest {
  private static final String AROUND =
      """
      public class Example {
        static byte[] pixels = new byte[60 * 784];
        static int[] labels = new int[60];
        static float[] weights = new float[60];
        static Path folder;
        static Dataset train;
        static Dataset test;
        static Model model;

        public static void main(String[] args) throws Exception {
          folder = Path.of(args[0]);
          new Random(1).nextBytes(pixels);
          for (int i = 0; i < 60; i++) {
            labels[i] = i % 10;
            weights[i] = i % 3;
          }
          train = Dataset.ofBytes(Shape.of(28, 28), pixels, labels, 10);
          test = train.slice(0, 20);
          model = Model.sequential(Shape.of(28, 28), Lstm.of(4), Dense.of(10, Activation.SOFTMAX));
      """;

  @TempDir private Path folder;

  private static List<String> blocks() throws IOException {
    String page = Files.readString(Path.of("../docs/from-keras.md"));
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  @Test
  void everyIdiomCompilesAndRuns() throws IOException, InterruptedException {
    Files.copy(
        Path.of("../engine/src/test/resources/golden/examples/course.keras"),
        folder.resolve("course.keras"));
    List<String> blocks = blocks();
    assertThat(blocks).as("the imports and nineteen idioms").hasSize(20);
    StringBuilder code = new StringBuilder(blocks.getFirst()).append(AROUND);
    for (int i = 1; i < blocks.size(); i++) {
      code.append("idiom").append(i).append("();\n");
    }
    code.append("model.close(); }\n");
    for (int i = 1; i < blocks.size(); i++) {
      code.append("static void idiom").append(i).append("() throws Exception {\n");
      code.append(blocks.get(i))
          .append("System.out.println(\"idiom ")
          .append(i)
          .append("\");\n}\n");
    }
    String output = run(code.append("}").toString());
    assertThat(output.lines())
        .contains(
            "idiom 1",
            "idiom 3",
            "idiom 8",
            "idiom 10",
            "idiom 11",
            "idiom 12",
            "idiom 13",
            "idiom 14",
            "idiom 17",
            "idiom 18",
            "idiom 19");
    assertThat(folder.resolve("model.keras")).exists();
    assertThat(folder.resolve("history.csv")).exists();
    assertThat(folder.resolve("best.keras")).exists();
    assertThat(folder.resolve("without_functions.keras")).exists();
  }

  private String run(String code) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("Example.java"), code);
    Process example =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                source.toString(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(example.getInputStream().readAllBytes());
    assertThat(example.waitFor()).as(output).isZero();
    return output;
  }
}
