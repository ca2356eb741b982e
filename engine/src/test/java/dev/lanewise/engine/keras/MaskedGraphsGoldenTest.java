package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Graphs in which masks meet, and slices, as Keras writes them, with its answers and losses: every
 * merge, attentions that are told masks, decoders, and a loss under a mask of several inputs.
 */
class MaskedGraphsGoldenTest {
  private static final String FOLDER = "masked_graphs/";
  private static final int BATCH = 12;

  @TempDir Path folder;

  private static SavedModel read(String name) {
    return KerasFile.read(Golden.path(FOLDER + name + ".keras"));
  }

  private static List<Shape> shapes(SavedModel saved) {
    return saved.graph().inputs().stream().map(Graph.Input::shape).toList();
  }

  private static float[] inputs(String name, String prefix, SavedModel saved) {
    List<float[]> all =
        IntStream.range(0, 3)
            .mapToObj(i -> Npy.readMember(FOLDER + name, prefix + i).floats())
            .toList();
    return JoinedInputs.of(shapes(saved), all);
  }

  private static float[] answers(SavedModel saved, float[] x) {
    try (Model model = saved.toModel();
        Predictor predictor = model.predictor()) {
      int samples = x.length / predictor.inputSize();
      float[] y = new float[samples * predictor.outputSize()];
      predictor.predict(x, y);
      float[] one = new float[predictor.outputSize()];
      for (int n = 0; n < samples; n++) {
        int size = predictor.inputSize();
        predictor.predict(Arrays.copyOfRange(x, n * size, (n + 1) * size), one);
        assertThat(one).isEqualTo(Arrays.copyOfRange(y, n * one.length, (n + 1) * one.length));
      }
      return y;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"merges", "attention", "slices", "sequence"})
  void answersAreKeras(String name) {
    SavedModel saved = read(name);
    assertThat(saved.obstacle()).isNull();
    float[] found = answers(saved, inputs(name, "x_", saved));
    assertThat(Npy.readMember(FOLDER + name, "y").absoluteError(found)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"merges", "attention", "slices", "sequence"})
  void lossesOfThreeUpdatesAndWhatIsLearntAreKeras(String name) {
    SavedModel saved = read(name);
    float[] x = inputs(name, "train_x_", saved);
    Npy targets = Npy.readMember(FOLDER + name, "train_y");
    int samples = targets.shape()[0];
    Dataset data =
        Dataset.of(shapes(saved), x, targets.floats(), targets.values().length / samples);
    for (int threads : new int[] {1, 3}) {
      try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, threads))) {
        plan.load(saved.parameters());
        plan.bind(data);
        plan.beginEpoch(IntStream.range(0, samples).toArray(), BATCH);
        Totals totals = new Totals(saved.spec());
        for (double loss : Npy.readMember(FOLDER + name, "losses").values()) {
          totals.reset();
          plan.step(1, totals);
          assertThat(totals.meanLoss()).isCloseTo(loss, offset(2e-6));
        }
        Npy after = Npy.readMember(FOLDER + name, "after_y");
        float[] found = new float[after.values().length];
        float[] asked = inputs(name, "x_", saved);
        int each = found.length / BATCH;
        plan.predict(Dataset.of(shapes(saved), asked, new float[found.length], each), BATCH, found);
        assertThat(after.absoluteError(found)).isLessThan(5e-6);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"merges", "attention", "slices", "sequence"})
  void whatIsWrittenAgainIsTheSameModel(String name) throws Exception {
    SavedModel saved = read(name);
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    SavedModel read = KerasFile.read(again);
    float[] x = inputs(name, "x_", saved);
    assertThat(answers(read, x)).isEqualTo(answers(saved, x));
    Path twice = folder.resolve("twice.keras");
    KerasFile.write(read, twice);
    assertThat(Files.readAllBytes(twice)).isEqualTo(Files.readAllBytes(again));
  }

  /** Told masks that are a comparison, and what counts by one of two. */
  @Test
  void toldMasksAreWrittenAsKerasSpellsThem() {
    Model model =
        Model.graph(
            g -> {
              Value x = g.apply(new Masking(-1), g.input("x", Shape.of(4, 3)));
              Value y = g.apply(Masking.ofZeros(), g.input("y", Shape.of(4, 3)));
              Value both = g.apply(Pointwise.ADD, x, y);
              Value state = g.apply(Gru.of(3), both);
              Value decoded =
                  g.share(Gru.of(3).returningSequences())
                      .applyUnder(List.of(both), x, state)
                      .getFirst();
              Value seen =
                  g.share(AdditiveAttention.create())
                      .applyUnder(List.of(GraphBuilder.UNMASKED, x), decoded, y)
                      .getFirst();
              g.output(g.apply(Dense.of(2), g.apply(Gru.of(2), seen)));
            });
    model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
    SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4));
    model.close();
    Path file = folder.resolve("told.keras");
    KerasFile.write(saved, file);
    SavedModel read = KerasFile.read(file);
    assertThat(read.graph()).isEqualTo(saved.graph());
    assertThat(read.graph().nodes().stream().filter(node -> !node.masks().isEmpty())).hasSize(2);
  }

  /** What Keras wrote, with another word in a place, is told by layer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "merges; LogicalOr; LogicalAnd; (ZerosLike): key dtype must be float32, found \"bool\"",
        "merges; ZerosLike; OnesLike; (OnesLike): key dtype must be float32, found \"bool\"",
        "merges; , -1.5]; , -2.5]; which is not that of an Embedding with mask_zero or of a"
            + " Masking",
        "merges; \"axis\": -1, \"keepdims\"; \"axis\": 1, \"keepdims\"; (ZerosLike): key dtype must"
            + " be float32, found \"bool\"",
        "slices; {\"start\": 1,; {\"start\": 1.5,; takes 1.5 of a value; slices and places that"
            + " are",
        "slices; {\"start\": 1,; {\"start\": 9,; GetItem: takes nothing of",
        "slices; [{\"class_name\": \"__ellipsis__\", \"config\": {}}, 1]; [null, 1]; takes null of"
            + " a value",
        "slices; [{\"class_name\": \"__ellipsis__\", \"config\": {}}, 1]; [1, 1]; takes [1,1] of a"
            + " value",
      })
  void otherMasksAndSlicesAreRefusedByLayer(String name, String from, String to, String told)
      throws Exception {
    String text;
    try (ZipFile zip = new ZipFile(Golden.path(FOLDER + name + ".keras").toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
      text = new String(bytes, StandardCharsets.UTF_8);
    }
    String wrong = text.replace(from, to);
    assertThat(wrong).isNotEqualTo(text);
    JsonObject outer = JsonParser.parseString(wrong).getAsJsonObject();
    assertThatThrownBy(() -> ModelConfig.read(new Config("model", outer)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer ")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }
}
