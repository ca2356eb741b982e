package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Architectures as people have them, with random weights: Keras's answers, and its training on. */
class PeoplesModelsTest {
  private static final int BATCH = 8;
  private static final double LOSS_TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "recurrent_stack, model.keras",
    "relu_lstm, model.keras",
    "autoencoder, model.keras",
    "autoencoder, model.h5",
    "autoencoder, model.tf2.h5",
    "lstm_stack, model.keras",
    "one_step, model.keras",
    "one_step, model.keras2.h5",
    "leaky_stack, model.keras",
    "penalised_stack, model.keras",
    "penalised_lstm, model.keras",
    "convolution_between, model.keras",
    "windows, model.keras",
    "windows, model.h5",
    "embedding_lstm, model.keras",
    "embedding_h5, model.h5",
    "cnn_lstm_open, model.keras",
    "steps_of_sequences, model.keras",
    "sequences_of_words, model.keras",
    "video, model.keras",
    "video, model.h5",
    "pictures, model.keras",
    "pictures_turned, model.keras",
    "pictures_merged, model.keras",
    "activation_layers, model.keras",
    "masked_stack, model.keras",
    "masked_stack, model.h5",
  })
  void answersAsKeras(String name, String file) {
    SavedModel saved = KerasFile.read(Golden.path("models/" + name + "/" + file));
    assertThat(saved.obstacle()).isNull();
    Npy x = array(name, "x0");
    try (Model model = saved.toModel()) {
      float[] found = model.predict(unlabelled(x), BATCH);
      requireClose(array(name, "y0"), found);
    }
  }

  /** Ten batches in order, whatever was dropped in training being 0 in these files. */
  @ParameterizedTest
  @CsvSource({
    "recurrent_stack, model.no_dropout.keras",
    "relu_lstm, model.keras",
    "autoencoder, model.keras",
    "lstm_stack, model.no_dropout.keras",
    "one_step, model.keras",
    "convolution_between, model.keras",
    "windows, model.keras",
    "embedding_lstm, model.keras",
    "cnn_lstm_open, model.keras",
    "steps_of_sequences, model.keras",
    "sequences_of_words, model.keras",
    "video, model.keras",
    "pictures, model.keras",
    "pictures_turned, model.keras",
    "pictures_merged, model.keras",
    "activation_layers, model.keras",
  })
  void trainsOnAsKeras(String name, String start) throws IOException {
    SavedModel saved = KerasFile.read(Golden.path("models/" + name + "/" + start));
    Npy x = array(name, "train_x0");
    Npy t = array(name, "train_y0");
    int samples = x.shape()[0];
    int each = t.values().length / samples;
    Dataset data = Dataset.of(sample(x), x.floats(), t.floats(), each);
    String text = Files.readString(Golden.path("models/" + name + "/losses.json"));
    JsonArray losses = JsonParser.parseString(text).getAsJsonArray();
    ModelSpec spec = saved.spec().forInputs(data.inputs());
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2))) {
      plan.load(saved.parameters());
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), BATCH);
      Totals totals = new Totals(saved.spec());
      for (JsonElement loss : losses) {
        totals.reset();
        plan.step(1, totals);
        double error = Math.abs(totals.meanLoss() - loss.getAsDouble()) / loss.getAsDouble();
        assertThat(error).isLessThan(LOSS_TOLERANCE);
      }
      Npy after = array(name, "after_y0");
      float[] found = new float[after.values().length];
      plan.predict(unlabelled(array(name, "x0")), BATCH, found);
      requireClose(after, found);
    }
  }

  private static Npy array(String name, String member) {
    return Npy.read("models/" + name + "/" + member);
  }

  private static Shape sample(Npy x) {
    return Shape.of(Arrays.copyOfRange(x.shape(), 1, x.shape().length));
  }

  private static Dataset unlabelled(Npy x) {
    return Dataset.of(sample(x), x.floats(), new float[x.shape()[0]], 1);
  }

  private static void requireClose(Npy expected, float[] found) {
    for (int i = 0; i < found.length; i++) {
      double value = expected.values()[i];
      assertThat(Math.abs(found[i] - value)).isLessThan(1e-5 + 1e-4 * Math.abs(value));
    }
  }
}
