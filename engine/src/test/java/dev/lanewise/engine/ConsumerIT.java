package dev.lanewise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.archive.ZipWriter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A project of somebody else's: compiled against the packaged jar and started with it. */
class ConsumerIT {
  private static final String ENGINE = System.getProperty("lanewise.test.jar");
  private static final String KERAS_MODULES =
      "io.jhdf,com.google.gson,org.slf4j,org.apache.commons.lang3";

  private static final String KEEPER =
      """
      package consumer;

      import dev.lanewise.engine.keras.*;
      import dev.lanewise.engine.layer.*;
      import dev.lanewise.engine.loss.Loss;
      import dev.lanewise.engine.optimizer.*;
      import dev.lanewise.engine.tensor.Shape;
      import dev.lanewise.engine.train.Model;
      import java.nio.file.Path;
      import java.time.LocalDateTime;

      public class Consumer {
        public static void main(String[] args) {
          Path file = Path.of(args[0], "model.keras");
          Path weights = Path.of(args[0], "model.weights.h5");
          try (Model model =
              Model.sequential(Shape.of(4, 3), SimpleRnn.of(5), Dense.of(2, Activation.SOFTMAX))
                  .compile(Adam.of(CosineDecay.of(0.1, 3)), Loss.CATEGORICAL_CROSSENTROPY)) {
            SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4, 5));
            attempt("write", () -> KerasFile.write(saved, file));
            attempt("writeWeights", () -> KerasFile.writeWeights(saved, weights));
            attempt("read", () -> KerasFile.read(Path.of(args[1])).toModel().close());
            attempt("readWeights", () -> KerasFile.readWeights(Path.of(args[1]), model.spec()));
          }
        }

        static void attempt(String what, Runnable work) {
          try {
            work.run();
            System.out.println(what + " done");
          } catch (Throwable e) {
            System.out.println(what + " " + e);
          }
        }
      }
      """;

  @TempDir Path folder;

  private enum Where {
    CLASS_PATH,
    MODULE_PATH
  }

  @ParameterizedTest
  @EnumSource
  void theExampleOfTheReadmeNeedsTheEngineAlone(Where where) throws Exception {
    compile(where, "package consumer;\n" + exampleOfTheReadme());
    writeDigits("train", 200);
    writeDigits("t10k", 50);
    String output = run(where, List.of(), "consumer.Example", folder.toString());
    assertThat(output).contains("validation accuracy [0.", "test accuracy 0.", "first test image");
    assertThat(output).doesNotContain("plain loops").doesNotContain("native");
  }

  @ParameterizedTest
  @EnumSource
  void kerasFilesNeedTwoLibrariesMore(Where where) throws Exception {
    compile(where, KEEPER);
    String model = folder.resolve("model.keras").toString();
    List<String> libraries = libraries();
    assertThat(libraries).hasSize(4);
    String output = run(where, libraries, "consumer.Consumer", folder.toString(), model);
    assertThat(output).contains("write done", "writeWeights done", "read done", "readWeights done");
  }

  @ParameterizedTest
  @EnumSource
  void withoutThemOneSentenceSaysWhichAndHow(Where where) throws Exception {
    compile(where, KEEPER);
    saysWhatIsMissing(run(where, List.of(), "consumer.Consumer", folder.toString(), archive()));
  }

  /** Optional modules stay out unless they are asked for, wherever their jars lie. */
  @Test
  void onTheModulePathTheirJarsAreNotEnough() throws Exception {
    compile(Where.MODULE_PATH, KEEPER);
    String path = String.join(File.pathSeparator, libraries());
    List<String> options =
        List.of("-p", ENGINE + File.pathSeparator + classes() + File.pathSeparator + path);
    saysWhatIsMissing(
        java(options, "-m", "consumer/consumer.Consumer", folder.toString(), archive()));
  }

  private static void saysWhatIsMissing(String output) {
    for (String call : List.of("write", "writeWeights", "read", "readWeights")) {
      assertThat(output)
          .containsPattern(
              "(?m)^"
                  + call
                  + " java.lang.IllegalStateException: Keras files need io.jhdf:jhdf and"
                  + " com.google.code.gson:gson, missing: [\\w/]+; put both and what they depend on"
                  + " on the class path, or on the module path with --add-modules "
                  + KERAS_MODULES
                  + "$");
    }
  }

  private static String exampleOfTheReadme() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("lanewise.test.readme")));
    int from = readme.indexOf("```java\n") + "```java\n".length();
    return readme.substring(from, readme.indexOf("```", from));
  }

  /** A file whose first bytes are an archive's and whose members are there, but no model. */
  private String archive() throws IOException {
    Path file = folder.resolve("made.keras");
    Files.write(
        file,
        ZipWriter.bytes(
            Map.of(
                "metadata.json", "{}".getBytes(StandardCharsets.UTF_8),
                "config.json", "{}".getBytes(StandardCharsets.UTF_8),
                "model.weights.h5", new byte[8])));
    return file.toString();
  }

  private void writeDigits(String set, int count) throws IOException {
    ByteBuffer images = ByteBuffer.allocate(16 + count * 784);
    images.putInt(0x803).putInt(count).putInt(28).putInt(28);
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) (i % 10));
    }
    Files.write(folder.resolve(set + "-images-idx3-ubyte"), images.array());
    Files.write(folder.resolve(set + "-labels-idx1-ubyte"), labels.array());
  }

  private Path classes() {
    return folder.resolve("classes");
  }

  /** Compiles with every warning an error, but the one that the Vector API is in incubation. */
  private void compile(Where where, String source) throws IOException {
    String name = source.contains("class Example") ? "Example" : "Consumer";
    Path file = Files.createDirectories(folder.resolve("src/consumer")).resolve(name + ".java");
    Files.writeString(file, source);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-Xlint:all,-incubating,-serial,-missing-explicit-ctor", "-Werror"));
    arguments.addAll(List.of("-d", classes().toString(), file.toString()));
    if (where == Where.MODULE_PATH) {
      Path descriptor = folder.resolve("src/module-info.java");
      Files.writeString(descriptor, "module consumer {\n  requires dev.lanewise.engine;\n}\n");
      arguments.addAll(List.of("-p", ENGINE, descriptor.toString()));
    } else {
      arguments.addAll(List.of("-cp", ENGINE));
    }
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, told, told, arguments.toArray(String[]::new));
    assertThat(status).as(told.toString(StandardCharsets.UTF_8)).isZero();
  }

  private String run(Where where, List<String> libraries, String main, String... arguments)
      throws IOException, InterruptedException {
    List<String> path = new ArrayList<>(List.of(ENGINE, classes().toString()));
    path.addAll(libraries);
    String joined = String.join(File.pathSeparator, path);
    List<String> options = new ArrayList<>();
    Stream<String> started;
    if (where == Where.MODULE_PATH) {
      options.addAll(List.of("-p", joined, "--enable-native-access=dev.lanewise.engine"));
      if (!libraries.isEmpty()) {
        options.add("--add-modules=" + KERAS_MODULES);
      }
      started = Stream.of("-m", "consumer/" + main);
    } else {
      options.addAll(List.of("-cp", joined, "--enable-native-access=ALL-UNNAMED"));
      options.add("--add-modules=jdk.incubator.vector");
      started = Stream.of(main);
    }
    return java(options, Stream.concat(started, Arrays.stream(arguments)).toArray(String[]::new));
  }

  private static String java(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  /** jHDF, Gson and what jHDF depends on: this JVM's own. */
  private static List<String> libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            jar -> new File(jar).getName().matches("(jhdf|gson|slf4j-api|commons-lang3)-.*\\.jar"))
        .toList();
  }
}
