package dev.lanewise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.golden.Mnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryExampleTest {
  @TempDir private Path folder;

  @Test
  void readmesExampleCompilesAndTrains() throws IOException, InterruptedException {
    assertThat(run(examples().getFirst()))
        .containsPattern("test accuracy 0\\.9\\d+")
        .contains("the first test image is a 7");
  }

  @Test
  void anotherNetworkIsOne() throws IOException, InterruptedException {
    int lstm = 4 * (28 + 64 + 1) * 64;
    int gru = 3 * (64 + 32 + 2) * 32;
    int dense = (32 + 1) * 10;
    assertThat(built(1)).contains(lstm + gru + dense + " parameters");
  }

  @Test
  void aGraphIsOne() throws IOException, InterruptedException {
    int lstm = 4 * (8 + 64 + 1) * 64;
    int query = (64 + 1) * 64;
    int gru = 3 * (64 + 32 + 2) * 32;
    int dense = (32 + 3 + 1) * 10;
    assertThat(built(2)).contains(lstm + query + gru + dense + " parameters");
  }

  @Test
  void severalOutputsTrain() throws IOException, InterruptedException {
    String source =
        imports(examples())
            + "\nimport dev.lanewise.engine.backend.*;\nimport dev.lanewise.engine.data.*;"
            + "\nimport java.util.*;\n"
            + "public class Example { public static void main(String[] args) {"
            + " int n = 4; List<Shape> inputs = List.of(Shape.of(2, 3)); float[] x = new float[24];"
            + " int[] kinds = {0, 2, 1, 1}; float[] sizes = new float[4];"
            + " FitOptions options = FitOptions.epochs(1);"
            + " try (Model model = Model.graph(g -> { var last = g.apply(Lstm.of(4),"
            + " g.input(\"x\", Shape.of(2, 3))); g.output(g.apply(Dense.of(3,"
            + " Activation.SOFTMAX), last), g.apply(Dense.of(1), last)); })) {\n"
            + examples().get(3)
            + "System.out.println(model.evaluate(Dataset.of(inputs, x,"
            + " List.of(Targets.ofLabels(kinds, n, 3), Targets.of(sizes, n, 1))), 4)); } } }";
    assertThat(run(source)).contains("kind_accuracy", "kind_loss", "size_loss");
  }

  @Test
  void aStreamAnswers() throws IOException, InterruptedException {
    String source =
        imports(examples())
            + "\nimport dev.lanewise.engine.backend.*;\n"
            + "public class Example { public static void main(String[] args) {"
            + " float[] features = new float[3]; float[] answer = new float[2];"
            + " try (Model model = Model.sequential(Shape.of(5, 3), Lstm.of(4), Dense.of(2))) {"
            + " model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);\n"
            + examples().get(4)
            + "} System.out.println(answer.length + \" answers\"); } }";
    assertThat(run(source)).contains("2 answers");
  }

  /** Builds the model of an example and counts its parameters. */
  private String built(int index) throws IOException, InterruptedException {
    List<String> examples = examples();
    String model = examples.get(index).strip().replaceFirst(";$", "");
    String source =
        imports(examples)
            + "\n"
            + "public class Example { public static void main(String[] args) { try (Model model = "
            + model
            + ") { model.compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY);"
            + " System.out.println(model.spec().parameterCount() + \" parameters\"); } } }";
    return run(source);
  }

  private static String imports(List<String> examples) {
    return examples
        .getFirst()
        .lines()
        .filter(line -> line.startsWith("import "))
        .collect(Collectors.joining("\n"));
  }

  /** README's program, and what its pages add to it. */
  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    for (String page : List.of("README.md", "docs/library.md", "docs/serving.md")) {
      Matcher block =
          Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
              .matcher(Files.readString(Path.of("..", page)));
      block.results().forEach(result -> examples.add(result.group(1)));
    }
    assertThat(examples).as("one of README, three of library.md, one of serving.md").hasSize(5);
    return examples;
  }

  private String run(String code) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("Example.java"), code);
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
    return output;
  }
}
