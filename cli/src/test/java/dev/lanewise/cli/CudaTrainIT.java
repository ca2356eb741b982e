package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code train --backend cuda} as a user runs it, on the driver that the module {@code cuda}
 * emulates for its tests.
 */
class CudaTrainIT {
  private static final Path EMULATION = Path.of("../cuda/target/stand-in/libcuda.so.1");

  /**
   * After 14 updates of Adam weights are within some 1e-6 of each other, and a mean loss is about
   * as far: ten times that is what is allowed.
   */
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  @BeforeEach
  void writeData() throws IOException {
    boolean there = Files.exists(EMULATION);
    assertThat(there || !Boolean.getBoolean("lanewise.test.require.emulation"))
        .withFailMessage("the module cuda has not built " + EMULATION)
        .isTrue();
    assumeTrue(there, "the module cuda has not built " + EMULATION);
    Path data = Files.createDirectory(folder.resolve("data"));
    writeFirst(data, "train-images-idx3-ubyte", 120, 784);
    writeFirst(data, "train-labels-idx1-ubyte", 120, 1);
    writeFirst(data, "t10k-images-idx3-ubyte", 60, 784);
    writeFirst(data, "t10k-labels-idx1-ubyte", 60, 1);
  }

  /** Writes the first samples of a bundled file. */
  private static void writeFirst(Path data, String name, int samples, int each) throws IOException {
    int header = each == 1 ? 8 : 16;
    try (InputStream in =
        new GZIPInputStream(Lanewise.class.getResourceAsStream("mnist/" + name + ".gz"))) {
      byte[] bytes = in.readNBytes(header + samples * each);
      ByteBuffer.wrap(bytes).putInt(4, samples);
      Files.write(data.resolve(name), bytes);
    }
  }

  private Child.Outcome run(String... more) {
    return run(Map.of(), more);
  }

  private Child.Outcome run(Map<String, String> environment, String... more) {
    String[] arguments = {
      "train", "--data", "data", "--epochs", "2", "--batch-size", "50", "--no-out"
    };
    Map<String, String> driver = new HashMap<>(environment);
    driver.put("LD_LIBRARY_PATH", EMULATION.toAbsolutePath().getParent().toString());
    return Child.start(folder, driver, List.of(), with(arguments, more)).await(300);
  }

  private List<JsonObject> train(String... more) {
    Child.Outcome run = run(with(more, "--json"));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return run.stdout().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
  }

  @Test
  void lossesAgreeWithTheCpusAndTwoRunsHaveTheSameBits() {
    List<JsonObject> cpu = train("--backend", "cpu");
    List<JsonObject> cuda = train("--backend", "auto");
    assertThat(cuda.getFirst().get("backend").getAsString()).isEqualTo("cuda");
    assertThat(cuda.getFirst().get("device").getAsString()).startsWith("CPU emulation (not a GPU)");
    for (int epoch = 1; epoch <= 2; epoch++) {
      for (String value : List.of("loss", "accuracy", "val_loss", "val_accuracy")) {
        agree(cuda.get(epoch), cpu.get(epoch), value);
      }
    }
    agree(cuda.getLast(), cpu.getLast(), "test_loss");
    agree(cuda.getLast(), cpu.getLast(), "test_accuracy");
    assertThat(cpu.get(1).get("loss").getAsDouble()).isBetween(1.0, 3.0);
    List<JsonObject> again = train("--backend", "cuda");
    assertThat(again.getLast().get("weights_sha256"))
        .isEqualTo(cuda.getLast().get("weights_sha256"))
        .isNotEqualTo(cpu.getLast().get("weights_sha256"));
  }

  @Test
  void gatedCellsAgreeWithTheCpusAndTwoRunsHaveTheSameBits() {
    for (String cell : List.of("lstm", "gru")) {
      String[] model = {"--cell", cell, "--layers", "2", "--units", "12"};
      JsonObject cpu = train(with(model, "--backend", "cpu")).getLast();
      JsonObject cuda = train(with(model, "--backend", "cuda")).getLast();
      agree(cuda, cpu, "test_loss");
      agree(cuda, cpu, "test_accuracy");
      JsonObject again = train(with(model, "--backend", "cuda")).getLast();
      assertThat(again.get("weights_sha256"))
          .isEqualTo(cuda.get("weights_sha256"))
          .isNotEqualTo(cpu.get("weights_sha256"));
    }
  }

  private static void agree(JsonObject found, JsonObject expected, String value) {
    double wanted = expected.get(value).getAsDouble();
    assertThat(found.get(value).getAsDouble())
        .as(value)
        .isCloseTo(wanted, offset(TOLERANCE * Math.max(1, wanted)));
  }

  @Test
  void aModelWithoutKernelsIsRefusedInOneLineOrRunsOnTheCpuWithTheReason() {
    GraphBuilder g = new GraphBuilder();
    GraphBuilder.Value digit = g.input("digit", Shape.of(28, 28));
    GraphBuilder.Value one = g.apply(new Reshape(List.of(1, 1, 28, 28)), digit);
    GraphBuilder.Value two = g.apply(new Joined(1, true), one, one);
    GraphBuilder.Value four = g.apply(new Joined(1, true), two, two);
    GraphBuilder.Value eight = g.apply(new Joined(1, true), four, four);
    g.output(g.apply(Dense.of(10, Activation.SOFTMAX), g.apply(new Flatten(), eight)));
    try (Model model = Model.of(g.build())) {
      model.compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
      SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 11, 27, 12, 0));
      KerasFile.write(saved, folder.resolve("stacked.keras"));
    }
    String missing = "layer 3 (Stack) has CUDA kernels for samples of 6 sizes, found more";
    String[] given = {"--model", "stacked.keras"};
    Child.Outcome cuda = run(with(given, "--backend", "cuda"));
    assertThat(cuda.exit()).isEqualTo(5);
    assertThat(cuda.messages())
        .containsExactly("lanewise: backend cuda: " + missing + "; --backend cpu runs it");
    for (String[] choice : new String[][] {{}, {"--backend", "auto"}}) {
      Child.Outcome auto = run(with(given, choice));
      assertThat(auto.exit()).as(auto.stderr()).isZero();
      assertThat(auto.messages().getFirst()).startsWith("backend cpu: ");
      assertThat(auto.messages()).contains("chosen: cpu, as cuda: " + missing);
    }
  }

  /** A driver that is there may refuse its first use all the same. */
  @Test
  void aDeviceThatRefusesItsFirstUseIsToldInOneLine() {
    Child.Outcome cuda = run(refusing("cuModuleLoadDataEx=221"), "--backend", "cuda");
    assertThat(cuda.exit()).isEqualTo(5);
    assertThat(cuda.messages())
        .singleElement()
        .asString()
        .startsWith("lanewise: backend cuda: CUDA: cannot load the kernel ")
        .contains("CUDA_ERROR_JIT_COMPILER_NOT_FOUND (221); ", "libnvidia-ptxjitcompiler.so.1")
        .endsWith("; --backend cpu runs it");
  }

  @Test
  void theCpuTrainsWhereADeviceRefusesItsFirstUseUnlessItWasAskedFor() {
    Child.Outcome auto = run(refusing("cuDevicePrimaryCtxRetain=46"));
    assertThat(auto.exit()).as(auto.stderr()).isZero();
    assertThat(auto.messages().getFirst()).startsWith("backend cpu: ");
    assertThat(auto.messages())
        .filteredOn(line -> line.startsWith("chosen: "))
        .singleElement()
        .asString()
        .startsWith(
            "chosen: cpu, as cuda: CUDA: cannot make a context: CUDA_ERROR_DEVICE_UNAVAILABLE"
                + " (46)");
  }

  private static Map<String, String> refusing(String call) {
    return Map.of("LANEWISE_STANDIN_REFUSES", call);
  }

  @Test
  void aRunOnTheCpuLoadsNoClassOfJcuda() throws IOException {
    Map<String, String> logged =
        Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=loaded-%p.txt:none");
    Child.Outcome run = run(logged, "--backend", "cpu");
    assertThat(run.exit()).as(run.stderr()).isZero();
    StringBuilder loaded = new StringBuilder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "loaded-*")) {
      for (Path file : files) {
        loaded.append(Files.readString(file));
      }
    }
    assertThat(loaded.toString().lines())
        .anyMatch(line -> line.startsWith("dev.lanewise.engine.train.Trainer "))
        .noneMatch(line -> line.startsWith("jcuda."));
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void withoutADriverTheReasonIsOneLine() {
    Child.Outcome run = Child.start(folder, List.of(), "train", "--backend", "cuda").await(60);
    assumeTrue(run.exit() != 0, "this machine has a GPU");
    assertThat(run.exit()).isEqualTo(5);
    assertThat(run.messages()).singleElement().asString().contains("libcuda.so.1: cannot open");
  }
}
