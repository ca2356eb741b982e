package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keras's {@code RNN} of one cell and of several, in files and in numbers. */
class CellsGoldenTest {
  private static final String FOLDER = "cells/";
  private static final int BATCH = 10;
  private static final List<String> NOT_WRITTEN =
      List.of("shared_object_id", "input_axes", "output_axes");

  @TempDir Path folder;

  private static SavedModel read(String name) {
    return KerasFile.read(Golden.path(FOLDER + name + ".keras"));
  }

  private static List<Shape> inputs(SavedModel saved) {
    return saved.graph().inputs().stream().map(Graph.Input::shape).toList();
  }

  private static List<Shape> outputs(SavedModel saved) {
    return saved.graph().outputs().stream().map(saved.graph().shapes()::get).toList();
  }

  private static List<float[]> members(String name, String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Npy.readMember(FOLDER + name, prefix + i).floats())
        .toList();
  }

  private static float[] joined(String name, String prefix, List<Shape> shapes) {
    return JoinedInputs.of(shapes, members(name, prefix, shapes.size()));
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
  @ValueSource(
      strings = {
        "one",
        "three",
        "three_masked",
        "backwards_masked",
        "zero_masked",
        "both_masked",
        "seq2seq"
      })
  void answersAreKerasAndSoAreThoseOfWhatIsWrittenAgain(String name) throws IOException {
    SavedModel saved = read(name);
    assertThat(saved.obstacle()).isNull();
    float[] x = joined(name, "x_", inputs(saved));
    float[] found = answers(saved, x);
    assertThat(found).containsExactly(joined(name, "y_", outputs(saved)), offset(1e-6f));
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    SavedModel read = KerasFile.read(again);
    assertThat(read.graph()).isEqualTo(saved.graph());
    assertThat(answers(read, x)).isEqualTo(found);
    assertThat(KerasFile.bytes(read)).isEqualTo(Files.readAllBytes(again));
  }

  /** From the optimizer's state that three batches have left. */
  @ParameterizedTest
  @ValueSource(strings = {"one", "three_masked", "backwards_masked", "both_masked", "seq2seq"})
  void lossesOfThreeUpdatesAndWhatIsLearntAreKeras(String name) {
    SavedModel saved = read(name);
    assertThat(saved.parameters().iterations()).isEqualTo(3);
    List<Shape> outputs = outputs(saved);
    List<Targets> targets =
        members(name, "train_y_", outputs.size()).stream()
            .map(values -> Targets.of(values, 3 * BATCH, values.length / (3 * BATCH)))
            .toList();
    float[] x = joined(name, "train_x_", inputs(saved));
    try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, 2))) {
      plan.load(saved.parameters());
      plan.bind(Dataset.of(inputs(saved), x, targets));
      plan.beginEpoch(IntStream.range(0, 3 * BATCH).toArray(), BATCH);
      Totals totals = new Totals(saved.spec());
      for (double loss : Npy.readMember(FOLDER + name, "losses").values()) {
        totals.reset();
        plan.step(1, totals);
        assertThat(totals.meanLoss()).isCloseTo(loss, offset(2e-6 * Math.max(1, loss)));
      }
      float[] after = joined(name, "after_", outputs);
      float[] found = new float[after.length];
      Dataset asked =
          Dataset.of(inputs(saved), joined(name, "x_", inputs(saved)), after, after.length / BATCH);
      plan.predict(asked, BATCH, found);
      assertThat(found).containsExactly(after, offset(2e-6f));
    }
  }

  @Test
  void statesOfAllCellsGoFromBatchToBatch() {
    SavedModel saved = read("stateful");
    float[] x = joined("stateful", "x_", inputs(saved));
    Dataset data = Dataset.of(inputs(saved), x, new float[2 * BATCH], 1);
    try (Model model = saved.toModel()) {
      assertThat(model.predict(data, BATCH))
          .containsExactly(joined("stateful", "y_", outputs(saved)), offset(1e-6f));
    }
  }

  @Test
  void aLegacyFileIsTheSameModel() {
    SavedModel saved = read("three_masked");
    SavedModel legacy = KerasFile.read(Golden.path(FOLDER + "three_masked.h5"));
    assertThat(legacy.graph()).isEqualTo(saved.graph());
    List<float[]> values = legacy.parameters().values();
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i)).isEqualTo(saved.parameters().values().get(i));
    }
    assertThat(legacy.parameters().slots()).hasSameSizeAs(saved.parameters().slots());
  }

  private static JsonArray layersOf(String name) throws IOException {
    byte[] file = Files.readAllBytes(Golden.path(FOLDER + name + ".keras"));
    byte[] json = ZipArchive.of(file, name).read(KerasFile.CONFIG, 100);
    return JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
        .getAsJsonObject()
        .getAsJsonObject("config")
        .getAsJsonArray("layers");
  }

  /** Every key, and what it says. */
  @ParameterizedTest
  @CsvSource({"one, 0", "three, 0", "zero_masked, 1", "both_masked, 1"})
  void layersAreWrittenAsKerasWritesThem(String name, int index) throws IOException {
    JsonObject entry = layersOf(name).get(index + 1).getAsJsonObject(); // behind the input layer
    SavedModel saved = read(name);
    FileShape input = FileShape.of(saved.spec().inputOf(index));
    JsonObject written = LayerEntry.of(saved.layers().get(index), List.of(input));
    assertThat(written).isEqualTo(known(entry));
  }

  /** Leaves out what says nothing that earlier Kerases know, and where an object lay. */
  private static JsonElement known(JsonElement element) {
    if (element instanceof JsonObject object) {
      JsonObject known = new JsonObject();
      object.asMap().entrySet().stream()
          .filter(each -> !NOT_WRITTEN.contains(each.getKey()))
          .forEach(each -> known.add(each.getKey(), known(each.getValue())));
      return known;
    }
    if (element instanceof JsonArray array) {
      JsonArray known = new JsonArray();
      array.forEach(each -> known.add(known(each)));
      return known;
    }
    return element;
  }

  /** Weights say whether they are trained, and those around them may not say otherwise. */
  @Test
  void whatIsFrozenIsSoAsAWhole() {
    Rnn rnn = Rnn.of(Lstm.of(3), Gru.of(2));
    List<FileShape> input = List.of(FileShape.of(Shape.of(4, 3)));
    for (Layer layer : List.of(rnn, Bidirectional.of(rnn), Rnn.of(Gru.of(2)))) {
      JsonObject entry = LayerEntry.of(new NamedLayer("a", layer.frozen()), input);
      List<Obstacle> obstacles = new ArrayList<>();
      Config config = new Config("model", entry);
      assertThat(LayerConfig.read(config, obstacles).layer()).isEqualTo(layer.frozen());
      entry.getAsJsonObject("config").addProperty("trainable", true);
      assertThat(LayerConfig.read(config, obstacles).layer()).isEqualTo(layer.frozen());
      assertThat(obstacles).isEmpty();
      JsonObject learning = LayerEntry.of(new NamedLayer("a", layer), input);
      learning.getAsJsonObject("config").addProperty("trainable", false);
      LayerConfig.read(new Config("model", learning), obstacles);
      assertThat(obstacles).hasSize(1);
      assertThat(obstacles.getFirst().reason())
          .isEqualTo(
              "layer a ("
                  + layer.className()
                  + "): key trainable with value false is supported in prediction alone");
    }
  }

  /** What Keras wrote, with another word in a place, is told by layer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"LSTMCell\"; \"PeepholeLSTMCell\"; cells of this class are not supported",
        "\"module\":\"keras.layers\",\"class_name\":\"GRUCell\"; \"module\":\"me\","
            + "\"class_name\":\"GRUCell\"; is not Keras's own",
        "\"go_backwards\":false; \"go_backwards\":3; key go_backwards must be true or false",
        "\"dropout\":0.0; \"dropout\":1.0; key dropout must be at least 0 and below 1",
        "\"units\":5; \"units\":5, \"go_backwards\":true; Rnn: sequences, states, direction",
        "\"units\":5; \"units\":5, \"projection\":2; key projection with value 2",
      })
  void otherCellsAreRefusedByLayer(String from, String to, String told) throws IOException {
    String text = layersOf("three_masked").get(2).toString();
    String wrong = text.replaceFirst(Pattern.quote(from), to);
    assertThat(wrong).isNotEqualTo(text);
    Config entry = new Config("model", JsonParser.parseString(wrong).getAsJsonObject());
    assertThatThrownBy(() -> LayerConfig.read(entry, new ArrayList<>()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer ")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }
}
