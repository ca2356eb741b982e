package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that have models in them, as Keras writes them, with its answers and losses. */
class NestedModelsGoldenTest {
  private static final String FOLDER = "nested/";
  private static final int BATCH = 6;

  @TempDir Path folder;

  private static SavedModel read(String file) {
    return KerasFile.read(Golden.path(FOLDER + file));
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

  private static float[] answers(String name, SavedModel saved) {
    try (Model model = saved.toModel();
        Predictor predictor = model.predictor()) {
      float[] y = new float[BATCH * predictor.outputSize()];
      predictor.predict(inputs(name, "x_", saved), y);
      return y;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoencoder",
        "shared",
        "operations",
        "second_call_out",
        "nested_in_nested",
        "td_in_nested",
        "td_cnn",
        "emb_inside",
        "frozen_inner_bn"
      })
  void answersLossesAndWhatIsLearntAreKeras(String name) {
    SavedModel saved = read(name + ".keras");
    assertThat(saved.obstacle()).isNull();
    assertThat(Npy.readMember(FOLDER + name, "y_0").absoluteError(answers(name, saved)))
        .isLessThan(1e-6);
    Npy targets = Npy.readMember(FOLDER + name, "train_y_0");
    int samples = targets.shape()[0];
    Dataset data =
        Dataset.of(
            shapes(saved),
            inputs(name, "train_x_", saved),
            targets.floats(),
            targets.values().length / samples);
    try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, 2))) {
      plan.load(saved.parameters());
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), BATCH);
      Totals totals = new Totals(saved.spec());
      for (double loss : Npy.readMember(FOLDER + name, "losses").values()) {
        totals.reset();
        plan.step(1, totals);
        assertThat(totals.meanLoss()).isCloseTo(loss, offset(2e-6));
      }
      Npy after = Npy.readMember(FOLDER + name, "after_y_0");
      float[] found = new float[after.values().length];
      float[] x = inputs(name, "x_", saved);
      plan.predict(
          Dataset.of(shapes(saved), x, new float[found.length], found.length / BATCH),
          BATCH,
          found);
      assertThat(after.absoluteError(found)).isLessThan(5e-6);
    }
  }

  /** In a legacy file a model's weights are one group, those that are trained before the others. */
  @ParameterizedTest
  @ValueSource(strings = {"frozen_inner_bn"})
  void legacyFilesHoldTheSame(String name) {
    SavedModel saved = read(name + ".keras");
    SavedModel legacy = read(name + ".h5");
    assertThat(legacy.graph()).isEqualTo(saved.graph());
    assertThat(legacy.layerNames()).isEqualTo(saved.layerNames());
    requireSame(legacy.parameters(), saved.parameters());
    assertThat(legacy.parameters().slots()).isNotEmpty();
  }

  private static void requireSame(Parameters found, Parameters expected) {
    requireSame(found.values(), expected.values());
    assertThat(found.iterations()).isEqualTo(expected.iterations()).isPositive();
    assertThat(found.slots()).hasSameSizeAs(expected.slots());
    for (int s = 0; s < found.slots().size(); s++) {
      requireSame(found.slots().get(s).values(), expected.slots().get(s).values());
    }
  }

  private static void requireSame(List<float[]> found, List<float[]> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoencoder",
        "shared",
        "operations",
        "second_call_out",
        "nested_in_nested",
        "td_in_nested",
        "td_cnn",
        "emb_inside",
        "frozen_inner_bn"
      })
  void whatIsWrittenAgainHasTheSameModelsInIt(String name) throws Exception {
    SavedModel saved = read(name + ".keras");
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    SavedModel read = KerasFile.read(again);
    assertThat(read.graph()).isEqualTo(saved.graph());
    assertThat(read.layerNames()).isEqualTo(saved.layerNames());
    assertThat(read.models()).isEqualTo(saved.models()).isNotEmpty();
    requireSame(read.parameters(), saved.parameters());
    assertThat(tree(again)).isEqualTo(tree(Golden.path(FOLDER + name + ".keras")));
    Path twice = folder.resolve("twice.keras");
    KerasFile.write(read, twice);
    assertThat(Files.readAllBytes(twice)).isEqualTo(Files.readAllBytes(again));
    Path weights = folder.resolve("again.weights.h5");
    KerasFile.writeWeights(saved, weights);
    requireSame(KerasFile.readWeights(weights, saved), saved.parameters().values());
  }

  /** Returns the names of all layers, level by level, as a file's configuration has them. */
  private static List<Object> tree(Path file) throws Exception {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
      String text = new String(bytes, StandardCharsets.UTF_8);
      return tree(JsonParser.parseString(text).getAsJsonObject().getAsJsonObject("config"));
    }
  }

  private static List<Object> tree(JsonObject config) {
    List<Object> names = new ArrayList<>();
    for (JsonElement element : config.getAsJsonArray("layers")) {
      JsonObject entry = element.getAsJsonObject();
      JsonObject own = entry.getAsJsonObject("config");
      String type = entry.get("class_name").getAsString();
      if (type.equals("NotEqual")) {
        continue; // is made again of what values carry
      }
      names.add(type + " " + own.get("name").getAsString());
      JsonObject inner = own.has("layer") ? own.getAsJsonObject("layer") : entry;
      if (inner.getAsJsonObject("config").has("layers")) {
        names.add(
            inner.get("class_name").getAsString() + inner.getAsJsonObject("config").get("name"));
        names.add(tree(inner.getAsJsonObject("config")));
      }
    }
    return names;
  }

  @Test
  void layersAreNamedByTheModelsInWhichTheyStand() {
    SavedModel saved = read("autoencoder.keras");
    assertThat(saved.layerNames())
        .containsExactly(
            "encoder/lstm",
            "encoder/code",
            "decoder/repeat_vector",
            "decoder/lstm",
            "decoder/time_distributed");
    assertThat(saved.outputNames()).containsExactly("decoder");
  }

  /** A layer that is frozen by itself, and not those beside it. */
  @Test
  void onlyWhatIsFrozenIsNotTrained() {
    SavedModel saved = read("frozen_inner_bn.keras");
    List<String> frozen = new ArrayList<>();
    for (SavedModel.NamedLayer layer : saved.layers()) {
      if (!layer.layer().trainable()) {
        frozen.add(layer.name());
      }
    }
    assertThat(frozen).containsExactly("n/dense");
    assertThat(saved.graph().layers()).filteredOn(Layer::trainable).hasSize(5);
  }
}
