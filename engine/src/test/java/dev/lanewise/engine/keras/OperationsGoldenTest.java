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
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operations in functional models as Keras writes them, with its answers and losses: attention by
 * hand three ways, arithmetic, reductions, and masks, which end at them; and small layers, as they
 * stand among others.
 */
class OperationsGoldenTest {
  private static final String FOLDER = "operations/";
  private static final String LAYERS = "../layers/";
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
        IntStream.range(0, saved.graph().inputs().size())
            .mapToObj(i -> Npy.readMember(FOLDER + name, prefix + i).floats())
            .toList();
    return JoinedInputs.of(shapes(saved), all);
  }

  private static float[] answers(SavedModel saved, float[] x) {
    try (Model model = saved.toModel();
        Predictor predictor = model.predictor()) {
      float[] y = new float[x.length / predictor.inputSize() * predictor.outputSize()];
      predictor.predict(x, y);
      return y;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention",
        "arithmetic",
        "reductions",
        "repeated",
        "masked",
        "rectifiers",
        "unit_vectors",
        "pictures_repeated",
        "pictures_cropped",
        LAYERS + "both_apart",
        LAYERS + "heads",
        LAYERS + "rms_and_more",
        LAYERS + "convolutions",
        LAYERS + "shares_of_steps",
        LAYERS + "elus",
        LAYERS + "heads_of_other_widths",
        LAYERS + "axes",
        LAYERS + "groups",
        LAYERS + "means_of_steps"
      })
  void answersAreKerasAndWhatIsWrittenAgainGivesTheSame(String name) throws Exception {
    SavedModel saved = read(name);
    assertThat(saved.obstacle()).isNull();
    float[] x = inputs(name, "x_", saved);
    float[] found = answers(saved, x);
    assertThat(Npy.readMember(FOLDER + name, "y").absoluteError(found)).isLessThan(1e-5);
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    SavedModel read = KerasFile.read(again);
    assertThat(answers(read, x)).isEqualTo(found);
    assertThat(read.layerNames()).isEqualTo(saved.layerNames());
    Path twice = folder.resolve("twice.keras");
    KerasFile.write(read, twice);
    assertThat(Files.readAllBytes(twice)).isEqualTo(Files.readAllBytes(again));
  }

  /** Which Keras writes, and cannot read again: operations are named there as layers are. */
  @ParameterizedTest
  @ValueSource(strings = {"attention", "arithmetic", "masked"})
  void aLegacyFileHasTheSame(String name) {
    SavedModel saved = read(name);
    SavedModel legacy = KerasFile.read(Golden.path(FOLDER + name + ".h5"));
    assertThat(legacy.obstacle()).isNull();
    assertThat(legacy.graph()).isEqualTo(saved.graph());
    assertThat(legacy.layerNames()).isEqualTo(saved.layerNames());
    float[] x = inputs(name, "x_", saved);
    assertThat(answers(legacy, x)).isEqualTo(answers(saved, x));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention",
        "arithmetic",
        "reductions",
        "repeated",
        "masked",
        "rectifiers",
        "unit_vectors",
        "pictures_repeated",
        "pictures_cropped",
        LAYERS + "both_apart",
        LAYERS + "heads",
        LAYERS + "rms_and_more",
        LAYERS + "convolutions",
        LAYERS + "shares_of_steps",
        LAYERS + "elus",
        LAYERS + "heads_of_other_widths",
        LAYERS + "axes",
        LAYERS + "groups",
        LAYERS + "means_of_steps"
      })
  void lossesOfThreeUpdatesAndWhatIsLearntAreKeras(String name) {
    SavedModel saved = read(name);
    float[] x = inputs(name, "train_x_", saved);
    Npy targets = Npy.readMember(FOLDER + name, "train_y");
    int samples = targets.shape()[0];
    int each = targets.values().length / samples;
    Dataset data = Dataset.of(shapes(saved), x, targets.floats(), each);
    try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, 2))) {
      plan.load(saved.parameters());
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), BATCH);
      Totals totals = new Totals(saved.spec());
      for (double loss : Npy.readMember(FOLDER + name, "losses").values()) {
        totals.reset();
        plan.step(1, totals);
        assertThat(totals.meanLoss()).isCloseTo(loss, offset(1e-5 * Math.max(1, loss)));
      }
      Npy after = Npy.readMember(FOLDER + name, "after_y");
      float[] found = new float[after.values().length];
      float[] asked = inputs(name, "x_", saved);
      plan.predict(Dataset.of(shapes(saved), asked, new float[found.length], each), BATCH, found);
      assertThat(after.absoluteError(found)).isLessThan(3e-5);
    }
  }

  /** What Keras wrote, with another word in a place, is told by operation. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "reductions; \"Sum\"; \"Cumprod\"; (Cumprod): operations of this"
            + " class are not supported",
        "reductions; \"axis\": -2; \"axis\": 0; key axis must be another axis than the batch's",
        "reductions; \"axis\": -2; \"axis\": null; key axis must be axes",
        "reductions; \"initial\": null; \"initial\": 1.0; key initial with value 1.0",
        "reductions; \"squeeze\", \"axis\": 2}; \"squeeze\", \"axis\": 0}; key axis must be"
            + " another",
        "repeated; \"repeats\": 5, \"axis\": 1; \"repeats\": 5, \"axis\": 0; key axis must be"
            + " another",
        "repeated; [1, 10, 1]; [2, 10, 1]; a number for each of 3 axes, 1 for the batch's",
        "arithmetic; \"newshape\": [-1, 4, 6]; \"newshape\": [-1, 6]; key newshape must be -1",
        "arithmetic; \"newshape\": [-1, 4, 6]; \"newshape\": [-1, -1, 6]; key newshape must be -1",
        "arithmetic; , 1.5]; , [true]]; values, numbers and arrays of them",
        "arithmetic; , 1.5]; , [[[1.5]], [[2]]]]; values, numbers and arrays of them",
        "arithmetic; , 1.5]; , [[1.5], 2]]; values, numbers and arrays of them",
        "arithmetic; , 1.5]; , [1.5, 2, 3, 4, 5, 6, 7]]; as many sizes as each other",
        "arithmetic; , 1.5], \"kwargs\": {}; , 1.5], \"kwargs\": {\"x\": 1}; is called with",
        "attention; \"axes\": [0, 2, 1]; \"axes\": [2, 0, 1]; key axes must be all axes, the"
            + " batch's first",
        "attention; \"Matmul\"; \"Vdot\"; (Vdot): operations of this class are not supported",
        "masked; \"Softmax\", \"config\": {\"name\": \"softmax\", \"axis\": 1},"
            + " \"registered_name\": \"Softmax\"; \"Transpose\", \"config\": {\"name\":"
            + " \"softmax\", \"axes\": [0, 1, 2]}, \"registered_name\": \"Transpose\"; changes"
            + " nothing of a masked value",
      })
  void othersAreRefusedByName(String name, String from, String to, String told) throws Exception {
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
