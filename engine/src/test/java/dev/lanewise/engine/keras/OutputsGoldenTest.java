package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models with several outputs against Keras: losses, metrics, their names, and where it ends. */
class OutputsGoldenTest {
  private static final int BATCH = 8;
  private static final int SAMPLES = 80;
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @ValueSource(strings = {"branches", "tagger", "read_on", "keyed", "alike", "one"})
  void trainsOnAsKeras(String name) throws IOException {
    SavedModel saved = read(name);
    ModelSpec spec = saved.spec();
    Dataset data = data(name, spec);
    JsonObject expected = expected(name);
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2));
        Model model = saved.toModel()) {
      plan.load(saved.parameters());
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), BATCH);
      Totals totals = new Totals(spec);
      for (JsonElement batch : expected.getAsJsonArray("batches")) {
        totals.reset();
        plan.step(1, totals);
        requireClose(batch.getAsJsonObject(), values(totals));
      }
      float[] answers = new float[BATCH * expectedAnswers(name, spec).length / BATCH];
      plan.predict(data.slice(0, BATCH), BATCH, answers);
      assertThat(answers).containsExactly(expectedAnswers(name, spec), offset((float) TOLERANCE));
      model.setParameters(plan.snapshot());
      requireClose(expected.getAsJsonObject("evaluate"), model.evaluate(data, BATCH).values());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"branches", "tagger", "read_on", "keyed", "alike", "one"})
  void reportsAsKeras(String name) throws IOException {
    SavedModel saved = read(name);
    FitOptions options =
        FitOptions.epochs(2).withBatchSize(BATCH).withoutShuffle().withValidationSplit(0.2);
    try (Model model = saved.toModel()) {
      Map<String, List<Double>> history = model.fit(data(name, saved.spec()), options).history();
      JsonObject expected = expected(name).getAsJsonObject("history");
      assertThat(history.keySet()).containsExactlyElementsOf(expected.keySet());
      for (String key : expected.keySet()) {
        JsonArray values = expected.getAsJsonArray(key);
        for (int epoch = 0; epoch < 2; epoch++) {
          double value = values.get(epoch).getAsDouble();
          assertThat(history.get(key).get(epoch)).as(key).isCloseTo(value, offset(TOLERANCE));
        }
      }
    }
  }

  /** Written and read again it is judged by the same; outputs by key are then known by layer. */
  @ParameterizedTest
  @ValueSource(strings = {"branches", "tagger", "read_on", "alike", "one"})
  void isWrittenAsItIsCompiled(String name, @TempDir Path folder) {
    SavedModel saved = read(name);
    try (Model model = saved.toModel()) {
      LocalDateTime time = LocalDateTime.of(2026, 1, 1, 0, 0);
      SavedModel written = SavedModel.of(model, time, saved, model.parameters());
      KerasFile.write(written, folder.resolve("again.keras"));
      SavedModel again = KerasFile.read(folder.resolve("again.keras"));
      assertThat(again.objective()).isEqualTo(saved.objective());
      assertThat(again.graph()).isEqualTo(saved.graph());
    }
  }

  @Test
  void everyBatchSizeGivesTheSameBits() throws IOException {
    SavedModel saved = read("read_on");
    Dataset data = data("read_on", saved.spec());
    try (Model model = saved.toModel()) {
      assertThat(model.evaluate(data, 7)).isEqualTo(model.evaluate(data, SAMPLES));
    }
  }

  private static SavedModel read(String name) {
    SavedModel saved = KerasFile.read(Golden.path("outputs/" + name + ".keras"));
    assertThat(saved.obstacle()).isNull();
    return saved;
  }

  private static JsonObject expected(String name) throws IOException {
    return JsonParser.parseString(Files.readString(Golden.path("outputs/" + name + ".json")))
        .getAsJsonObject();
  }

  private static Npy array(String name, String member) {
    return Npy.readMember("outputs/" + name, member);
  }

  private static Dataset data(String name, ModelSpec spec) {
    List<Shape> inputs = spec.inputs();
    List<float[]> x = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      x.add(array(name, "x" + i).floats());
    }
    List<Targets> targets = new ArrayList<>();
    for (int i = 0; i < spec.outputs().size(); i++) {
      float[] y = array(name, "y" + i).floats();
      boolean labels = spec.outputs().get(i).loss() instanceof SparseCategoricalCrossentropy;
      Targets own =
          labels
              ? Targets.ofLabels(
                  IntStream.range(0, y.length).map(k -> (int) y[k]).toArray(),
                  SAMPLES,
                  spec.shapeOf(i).size(-1))
              : Targets.of(y, SAMPLES, y.length / SAMPLES);
      targets.add(name.equals("tagger") ? own.withWeights(array(name, "w" + i).floats()) : own);
    }
    return Dataset.of(inputs, JoinedInputs.of(inputs, x), targets);
  }

  private static float[] expectedAnswers(String name, ModelSpec spec) {
    List<Shape> shapes = new ArrayList<>();
    List<float[]> each = new ArrayList<>();
    for (int i = 0; i < spec.outputs().size(); i++) {
      shapes.add(spec.shapeOf(i));
      each.add(array(name, "after" + i).floats());
    }
    return JoinedInputs.of(shapes, each);
  }

  private static Map<String, Double> values(Totals totals) {
    Map<String, Double> values = new TreeMap<>();
    values.put("loss", totals.meanLoss());
    for (Metric metric : totals.metrics()) {
      values.put(metric.name(), totals.value(metric));
    }
    return values;
  }

  private static void requireClose(JsonObject expected, Map<String, Double> found) {
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    for (String key : expected.keySet()) {
      double value = expected.get(key).getAsDouble();
      assertThat(found.get(key)).as(key).isCloseTo(value, offset(TOLERANCE));
    }
  }
}
