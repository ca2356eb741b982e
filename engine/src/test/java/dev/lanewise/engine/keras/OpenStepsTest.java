package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models whose inputs leave the number of steps open. */
class OpenStepsTest {
  private static final int RATIO = 1000;
  private static final Pattern SHAPES = Pattern.compile("\"(?:batch_shape|shape)\":(\\[[^]]*])");

  /** One model answers sequences of two lengths, one after the other. */
  @ParameterizedTest
  @CsvSource({
    "open_tagger, 1",
    "open_conv, 1",
    "open_seq2seq, 2",
    "cnn_lstm_open, 1",
    "open_lstm, 1"
  })
  void answersSequencesOfAnyLength(String name, int inputs) {
    SavedModel saved = read(name);
    try (Model model = saved.toModel()) {
      for (String which : List.of("", "_longer", "")) {
        Dataset x = samples(name, inputs, which);
        requireClose(array(name, "y0" + which), model.predict(x, 4));
      }
    }
  }

  /** One step meets any number of them, two do not. */
  @Test
  void aModelThatTakesSomeNumbersOfStepsAloneIsNotWritten() throws IOException {
    try (InputStream file =
        getClass().getResourceAsStream("/fuzz/config/open-against-fixed.json")) {
      byte[] json = Objects.requireNonNull(file).readAllBytes();
      Draft draft =
          new Draft(
              new Config("config.json", StrictJson.object(json, "some")), null, Replacements.NONE);
      OptimizerState fresh = new OptimizerState(List.of(), 0, null);
      SavedModel saved = draft.model(List.of(), _ -> fresh, new Origin("", ""));
      assertThatThrownBy(() -> KerasFile.bytes(saved))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("leave the number of steps open")
          .hasMessageContaining("[5, 4]");
    }
  }

  @ParameterizedTest
  @CsvSource({"open_tagger, 1", "open_conv, 1", "cnn_lstm_open, 1"})
  void aPredictorIsOfOneLength(String name, int inputs) {
    try (Model model = read(name).toModel()) {
      assertThatThrownBy(model::predictor)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("predictor(steps)")
          .hasMessageContaining("[any");
      Dataset x = samples(name, inputs, "_longer");
      try (Predictor predictor = model.predictor(x.sampleShape().size(0))) {
        Npy expected = array(name, "y0_longer");
        float[] y = new float[expected.values().length];
        predictor.predict(x.floatFeatures(), y);
        requireClose(expected, y);
      }
    }
  }

  @Test
  void eachOpenInputMayHaveALengthOfItsOwn() {
    try (Model model = read("open_seq2seq").toModel()) {
      Dataset x = samples("open_seq2seq", 2, "_longer");
      try (Predictor predictor =
          model.predictor(x.inputs().get(0).size(0), x.inputs().get(1).size(0))) {
        Npy expected = array("open_seq2seq", "y0_longer");
        float[] y = new float[expected.values().length];
        predictor.predict(x.floatFeatures(), y);
        requireClose(expected, y);
      }
      assertThatThrownBy(() -> model.predictor(1, 2, 3))
          .hasMessageContaining("2 inputs that leave the number of steps open, found 3 numbers");
    }
  }

  @Test
  void aStreamNeedsNoNumberOfSteps() {
    try (Model model = model(Lstm.of(3).returningSequences());
        Predictor whole = model.predictor(5);
        Predictor predictor = model.predictor(1);
        Stream stream = predictor.stream()) {
      float[] x = numbers(10);
      float[] expected = new float[5];
      whole.predict(x, expected);
      float[] y = new float[1];
      for (int t = 0; t < 5; t++) {
        stream.step(Arrays.copyOfRange(x, t * 2, t * 2 + 2), y);
        assertThat(y[0]).isEqualTo(expected[t]);
      }
    }
  }

  /** What is open stays open, in every shape that the file tells. */
  @ParameterizedTest
  @CsvSource({"open_tagger", "open_conv", "open_seq2seq", "cnn_lstm_open", "open_lstm"})
  void whatIsOpenIsWrittenOpen(String name) throws Exception {
    SavedModel saved = read(name);
    byte[] written = KerasFile.bytes(saved);
    JsonObject ours = config(written, name);
    JsonObject keras =
        config(Files.readAllBytes(Golden.path("models/" + name + "/model.keras")), name);
    assertThat(shapes(ours))
        .isEqualTo(shapes(keras))
        .anyMatch(shape -> shape.contains("null,null"));
    SavedModel longer = saved.forInputs(samples(name, saved.inputs().size(), "_longer").inputs());
    assertThat(shapes(config(KerasFile.bytes(longer), name))).isEqualTo(shapes(keras));
  }

  @Test
  void trainingTakesTheStepsOfItsData() {
    try (Model model = model()) {
      Dataset seven = data(7);
      model.fit(seven, FitOptions.epochs(1).withBatchSize(4));
      float[] after = model.predict(seven, 4);
      Dataset four = data(4);
      double loss = model.evaluate(four, 4).loss();
      assertThat(loss).isFinite();
      model.fit(four, FitOptions.epochs(1).withBatchSize(4)); // goes on from the same weights
      assertThat(model.predict(seven, 4)).isNotEqualTo(after);
    }
  }

  @Test
  void otherDataThanOfTheInputAreRefused() {
    try (Model model = model()) {
      Dataset wrong = Dataset.of(Shape.of(7, 3), new float[21], new float[] {1}, 1);
      assertThatThrownBy(() -> model.evaluate(wrong, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a sample is [7, 3], the model expects [any, 2]");
    }
  }

  @Test
  void aLayerThatNeedsAllStepsIsRefusedForTooFew() {
    try (Model model = read("open_conv").toModel()) {
      assertThatThrownBy(() -> model.predictor(2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a window of 3 steps does not fit a sequence of 2");
    }
  }

  @Test
  void weightsForOneNumberOfStepsAreRefusedForOthers() {
    Graph.Input open = new Graph.Input("x", Shape.of(3, 2), true, 0);
    Graph graph = Graph.chain(open, List.of(new Flatten(), Dense.of(1)));
    try (Model model = Model.of(graph)) {
      model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
      assertThatThrownBy(() -> model.predictor(4)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Model model() {
    return model(Lstm.of(3));
  }

  private static Model model(Lstm lstm) {
    Graph.Input open = new Graph.Input("x", Shape.of(1, 2), true, 0);
    return Model.of(Graph.chain(open, List.of(lstm, Dense.of(1, Activation.TANH))))
        .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
  }

  private static Dataset data(int steps) {
    return Dataset.of(Shape.of(steps, 2), numbers(8 * steps * 2), numbers(8), 1);
  }

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (i * 5 % 13 - 6) / 5f;
    }
    return numbers;
  }

  private static SavedModel read(String name) {
    return KerasFile.read(Golden.path("models/" + name + "/model.keras"));
  }

  private static JsonObject config(byte[] archive, String name) {
    byte[] config = ZipArchive.of(archive, name).read("config.json", RATIO);
    return JsonParser.parseString(new String(config, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  /** Returns all shapes in order of their places, some layers having fewer in a Keras file. */
  private static List<String> shapes(JsonObject config) {
    List<String> shapes = new ArrayList<>();
    var found = SHAPES.matcher(config.toString());
    while (found.find()) {
      shapes.add(found.group(1));
    }
    return shapes;
  }

  private static Npy array(String name, String member) {
    return Npy.read("models/" + name + "/" + member);
  }

  private static Dataset samples(String name, int inputs, String which) {
    List<Shape> shapes = new ArrayList<>();
    List<float[]> arrays = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < inputs; i++) {
      Npy x = array(name, "x" + i + which);
      count = x.shape()[0];
      shapes.add(Shape.of(Arrays.copyOfRange(x.shape(), 1, x.shape().length)));
      arrays.add(x.floats());
    }
    return Dataset.of(shapes, JoinedInputs.of(shapes, arrays), new int[count], 1);
  }

  private static void requireClose(Npy expected, float[] found) {
    assertThat(found).hasSameSizeAs(expected.values());
    for (int i = 0; i < found.length; i++) {
      double value = expected.values()[i];
      assertThat(Math.abs(found[i] - value)).isLessThan(1e-5 + 1e-4 * Math.abs(value));
    }
  }
}
