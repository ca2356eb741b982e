package dev.lanewise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.checkpoint.*;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.PaddedSequences;
import dev.lanewise.engine.data.Padding;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.onnx.OnnxExport;
import dev.lanewise.engine.optimizer.*;
import dev.lanewise.engine.property.JvmProperties;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.*;
import dev.lanewise.engine.tensorboard.TensorBoardLogger;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.*;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages of the exported packages show: between the marks stands the page's example. */
class PackagePagesTest {
  private static final Dataset DATA = data();

  @TempDir private Path folder;

  private static Dataset data() {
    float[] values = new float[40 * 5 * 3];
    int[] labels = new int[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
      labels[i / 15] = i / 15 % 2;
    }
    return Dataset.of(Shape.of(5, 3), values, labels, 2);
  }

  private static Model model() {
    return Model.sequential(Shape.of(5, 3), Lstm.of(4), Dense.of(2, Activation.SOFTMAX))
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  @Test
  void archive() {
    // @start region=archive
    byte[] zip = ZipWriter.bytes(Map.of("config.json", "{}".getBytes(StandardCharsets.UTF_8)));
    ZipArchive archive = ZipArchive.of(zip, "model.zip"); // the name is for messages
    byte[] config = archive.read("config.json", 100); // at most 100 times its packed size
    // @end
    assertThat(config).asString().isEqualTo("{}");
  }

  @Test
  void backend() {
    float[] sample = new float[15];
    try (Model model = model()) {
      // @start region=backend
      for (Backend backend : Backends.all()) {
        System.out.println(backend.name() + ": " + backend.probe());
      }
      model.onBackend(Backends.named("cpu"));
      float[] answer = new float[2];
      try (Predictor predictor = model.predictor(); // any number of threads may ask it
          Stream stream = predictor.stream()) { // one sequence, step by step
        predictor.predict(sample, answer);
        stream.step(new float[] {0.1f, 0.2f, 0.3f}, answer);
      }
      // @end
      assertThat(answer[0] + answer[1]).isBetween(0.999f, 1.001f);
    }
  }

  @Test
  void cpu() {
    try (Model model = model()) {
      // @start region=cpu
      System.out.println("vectors of " + CpuBackend.vectorBits() + " bits");
      PlanOptions options = new PlanOptions(32, Runtime.getRuntime().availableProcessors());
      long bytes = new CpuBackend().planBytes(model.spec(), options);
      System.out.println("training in batches of 32 takes " + bytes + " bytes off-heap");
      // @end
      assertThat(bytes).isPositive();
    }
  }

  @Test
  void checkpoint() throws IOException {
    FitOptions options = FitOptions.epochs(2);
    Map<String, String> settings = Map.of("data", "the same");
    try (Model model = model()) {
      // @start region=checkpoint
      CheckpointFolder saved = new CheckpointFolder(Storage.disk(), folder);
      model.fit(DATA, options, new Checkpoints(saved, settings, 100)); // every 100 batches

      Checkpoint newest = Checkpoint.load(saved).checkpoint(); // after a crash, in a new process
      newest.requireSettings(settings);
      model.resume(newest.state(), DATA, options, new Checkpoints(saved, settings, 100));
      // @end
    }
    AtomicFile.replace(folder.resolve("notes.txt"), new byte[3]);
    assertThat(folder.resolve("notes.txt")).hasSize(3);
  }

  @Test
  void samples() {
    // @start region=data
    List<float[]> words = List.of(new float[] {7, 3}, new float[] {5, 1, 4, 2});
    PaddedSequences padded = PaddedSequences.ofTokens(words, Padding.DEFAULT.to(3));
    Dataset data = Dataset.of(padded.shape(), padded.values(), new int[] {0, 1}, 2);
    Dataset weighted = data.withClassWeights(Map.of(1, 4.0)); // class 1 counts four times
    // @end
    assertThat(weighted.floatFeatures()).containsExactly(0, 7, 3, 1, 4, 2);
    assertThat(weighted.sampleWeight(1, 0)).isEqualTo(4);
  }

  @Test
  void keras() {
    float[] before;
    float[] answers;
    Path file = folder.resolve("model.keras");
    try (Model model = model()) {
      before = model.predict(DATA, 10);
      // @start region=keras
      KerasFile.write(SavedModel.of(model, LocalDateTime.now()), file); // Keras 3 reads it
      try (Model again = KerasFile.read(file).toModel()) { // which can also learn on
        answers = again.predict(DATA, 10);
      }
      // @end
    }
    assertThat(answers).containsExactly(before);
  }

  @Test
  void layer() {
    // @start region=layer
    Model model =
        Model.graph(
            g -> {
              var words = g.input("words", Shape.of(20, 8));
              var states = g.apply(Bidirectional.of(Lstm.of(16).returningSequences()), words);
              var last = g.apply(Gru.of(8), states);
              g.output(g.apply(Dense.of(3, Activation.SOFTMAX), last));
            });
    // @end
    try (model) {
      model.compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY);
      assertThat(model.spec().shapeOf(0)).isEqualTo(Shape.of(3));
    }
  }

  @Test
  void loss() {
    try (Model model = Model.sequential(Shape.of(5, 3), Lstm.of(4), Dense.of(1))) {
      // @start region=loss
      model.compile(Adam.withDefaults(), new Huber(2)); // squares up to 2, sizes beyond
      model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
      // @end
      assertThat(model.spec().lossForm(0)).isNotNull();
    }
  }

  @Test
  void metric() {
    try (Model model = model()) {
      // @start region=metric
      Metric top2 = Metric.of(new Measure.TopKCategoricalAccuracy(2), "top2");
      model.compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY, top2);
      History history = model.fit(DATA, FitOptions.epochs(1).withValidationSplit(0.25));
      List<Double> shares = history.history().get("val_top2"); // one an epoch
      // @end
      assertThat(shares).containsExactly(1.0);
    }
  }

  @Test
  void onnx() {
    Path file = folder.resolve("model.onnx");
    Path stepFile = folder.resolve("step.onnx");
    try (Model model = model()) {
      // @start region=onnx
      OnnxExport.write(model.spec(), model.parameters(), file); // [batch, 5, 3] to [batch, 2]
      byte[] step = OnnxExport.stepBytes(model.spec(), model.parameters()); // states go in and out
      AtomicFile.replace(stepFile, step);
      // @end
    }
    assertThat(file).isNotEmptyFile();
    assertThat(stepFile).isNotEmptyFile();
  }

  @Test
  void optimizer() {
    try (Model model = model()) {
      // @start region=optimizer
      Optimizer adam =
          Adam.of(CosineDecay.of(0.001, 10_000).withWarmup(500))
              .withClipping(GradientClipping.globalNorm(1))
              .withWeightDecay(0.01);
      model.compile(adam, Loss.CATEGORICAL_CROSSENTROPY);
      // @end
      assertThat(model.spec().optimizer()).isEqualTo(adam);
    }
  }

  @Test
  void property() {
    // @start region=property
    JvmProperties given = JvmProperties.get(); // refuses -Dlanewise.vectorBits=100
    String width = given.vectorBits() == 0 ? "the machine's" : given.vectorBits() + " bits";
    System.out.println(given.kernels() + " kernels, vectors of " + width);
    // @end
    assertThat(given.kernels()).isIn("auto", "simd", "scalar");
  }

  @Test
  void random() {
    // @start region=random
    SplitMix64 noise = SplitMix64.stream(42, 1, 0); // seed, purpose, which of its kind
    double uniform = noise.nextDouble(); // the same on every machine
    double normal = noise.nextGaussian();
    // @end
    SplitMix64 again = SplitMix64.stream(42, 1, 0);
    assertThat(again.nextDouble()).isEqualTo(uniform);
    assertThat(again.nextGaussian()).isEqualTo(normal);
  }

  @Test
  void tensor() {
    float[] read;
    // @start region=tensor
    try (TensorArena arena = new TensorArena("example")) {
      Tensor weights = arena.tensor("weights", Shape.of(2, 3), 16); // a row begins each 16 floats
      weights.copyFrom(new float[] {1, 2, 3, 4, 5, 6});
      weights.set(1, 2, 7);
      read = weights.toArray(); // 1, 2, 3, 4, 5, 7
    } // and no tensor of it can be used any more
    // @end
    assertThat(read).containsExactly(1, 2, 3, 4, 5, 7);
  }

  @Test
  void tensorboard() throws IOException {
    try (Model model = model()) {
      // @start region=tensorboard
      try (TensorBoardLogger logger = new TensorBoardLogger(folder)) {
        logger.text("settings", "LSTM of **4** units");
        model.fit(DATA, FitOptions.epochs(3).withValidationSplit(0.25), logger);
      } // tensorboard --logdir FOLDER
      // @end
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).contains("train", "validation");
    }
  }

  @Test
  void text() {
    // @start region=text
    String name = Printable.of("layer\n\u001b[2J", 40); // as a file of somebody else's says
    System.out.println(name); // line break and escape as numbers: no terminal obeys them
    // @end
    assertThat(name).isEqualTo("layer\\u000a\\u001b[2J");
  }

  @Test
  void train() {
    float[] probabilities;
    // @start region=train
    try (Model model =
        Model.sequential(Shape.of(5, 3), Lstm.of(16), Dense.of(2, Activation.SOFTMAX))) {
      model.compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
      EarlyStopping stop = new EarlyStopping(Monitor.of("val_loss"), 3, true);
      History history = model.fit(DATA, FitOptions.epochs(20).withValidationSplit(0.2), stop);
      System.out.println(history.history().get("val_accuracy"));
      probabilities = model.predict(DATA.slice(0, 1), 1); // two for the one sample
    }
    // @end
    assertThat(probabilities).hasSize(2);
  }
}
