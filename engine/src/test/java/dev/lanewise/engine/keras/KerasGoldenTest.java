package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that Keras itself wrote. */
class KerasGoldenTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "keras_files/simple_rnn, simple_rnn, .keras",
    "keras_files/simple_rnn, simple_rnn, .h5",
    "keras_files/mnist_functional, mnist_functional, .keras",
    "keras_files_trained, simple_rnn, .keras",
    "keras_files_trained, simple_rnn, .h5",
    "keras_files_trained, lstm, .keras",
    "keras_files_trained, lstm, .h5",
    "keras_files_trained, gru, .keras",
    "keras_files_trained, gru, .h5",
    "keras_files_trained, gru_noreset, .keras",
    "keras_files_trained, gru_noreset, .h5",
    "keras_files/gru_regression, gru_regression, .keras",
    "keras_files/stacked_lstm, stacked_lstm, .keras",
    "keras_files/bidirectional, bidirectional, .keras",
    "keras_files_trained, bidi, .keras",
    "keras_files_trained, bidi, .h5",
    "recurrent/files/lstm_sequential, lstm_sequential, .keras",
    "recurrent/files/lstm_sequential, lstm_sequential, .h5",
    "recurrent/files/gru_both_forms, gru_both_forms, .keras",
    "recurrent/files/gru_both_forms, gru_both_forms, .h5",
    "recurrent/files/bidirectional_stack, bidirectional_stack, .keras",
    "recurrent/files/bidirectional_stack, bidirectional_stack, .h5",
    "recurrent/files/autoencoder, autoencoder, .keras",
    "recurrent/files/autoencoder, autoencoder, .h5",
    "recurrent/files/pooled, pooled, .keras",
    "recurrent/files/masking_lstm, masking_lstm, .keras",
    "recurrent/files/embedding_bidirectional_gru, embedding_bidirectional_gru, .keras",
    "recurrent/files/embedding_bidirectional_gru, embedding_bidirectional_gru, .h5",
    "recurrent/files/normalized_stack, normalized_stack, .keras",
    "recurrent/files/normalized_stack, normalized_stack, .h5",
    "keras_files_trained, stacked, .keras",
    "keras_files_trained, stacked, .h5",
  })
  void modelsOfSupportedLayersPredictWhatKerasPredicts(String at, String name, String extension) {
    Golden golden = new Golden(at, name);
    float[] found = golden.predictions(KerasFile.read(golden.file(extension)));
    assertThat(golden.answer().absoluteError(found)).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({
    "keras_files/simple_rnn, simple_rnn",
    "keras_files_trained, simple_rnn",
    "keras_files_trained, lstm",
    "keras_files_trained, gru",
    "keras_files_trained, gru_noreset",
    "keras_files_trained, bidi",
    "recurrent/files/bidirectional_stack, bidirectional_stack",
    "recurrent/files/autoencoder, autoencoder",
    "models/windows, model",
    "keras_files_trained, stacked",
  })
  void weightsAloneAreTheModelsWhateverTheFile(String at, String name) {
    Golden golden = new Golden(at, name);
    SavedModel saved = KerasFile.read(golden.file(".keras"));
    for (String extension : List.of(".keras", ".h5", ".weights.h5")) {
      List<float[]> weights = KerasFile.readWeights(golden.file(extension), saved.spec());
      assertThat(weights).hasSameSizeAs(saved.parameters().values());
      for (int i = 0; i < weights.size(); i++) {
        assertThat(weights.get(i)).containsExactly(saved.parameters().values().get(i));
      }
    }
  }

  @Test
  void aFunctionalModelThatWasNeverTrainedIsRead() {
    SavedModel saved = KerasFile.read(Golden.path("keras_files_trained/functional.keras"));
    assertThat(saved.layers()).hasSize(2);
    assertThat(saved.parameters().iterations()).isZero();
  }

  @Test
  void everythingInTheFileIsTakenOver() {
    SavedModel saved = KerasFile.read(Golden.path("keras_files_trained/simple_rnn.keras"));
    assertThat(saved.name()).isEqualTo("sequential");
    assertThat(saved.input()).isEqualTo(Shape.of(28, 28));
    assertThat(saved.layers())
        .containsExactly(
            new SavedModel.NamedLayer("simple_rnn", SimpleRnn.of(150)),
            new SavedModel.NamedLayer("dense", Dense.of(10, Activation.SOFTMAX)));
    assertThat(saved.objective())
        .isEqualTo(
            new SavedModel.Objective(
                Loss.CATEGORICAL_CROSSENTROPY, List.of(Metric.ACCURACY), List.of()));
    assertThat(saved.optimizer())
        .isEqualTo(new SavedModel.NamedOptimizer("adam", Adam.of((float) 0.001)));
    assertThat(saved.parameters().iterations()).isEqualTo(320);
    assertThat(saved.parameters().slots()).hasSize(2);
    assertThat(saved.parameters().slots().get(1).values().get(1))
        .hasSize(150 * 150)
        .doesNotContain(-1f);
    assertThat(saved.origin().kerasVersion()).isEqualTo("3.16.0");
    assertThat(saved.origin().dateSaved()).isEqualTo("2026-11-23@17:19:29");
  }

  @Test
  void theLegacyFileHoldsTheSameStateOfTheOptimizer() {
    Parameters archive =
        KerasFile.read(Golden.path("keras_files_trained/simple_rnn.keras")).parameters();
    Parameters legacy =
        KerasFile.read(Golden.path("keras_files_trained/simple_rnn.h5")).parameters();
    assertThat(legacy.iterations()).isEqualTo(archive.iterations());
    for (int slot = 0; slot < 2; slot++) {
      for (int i = 0; i < archive.values().size(); i++) {
        assertThat(legacy.slots().get(slot).values().get(i))
            .containsExactly(archive.slots().get(slot).values().get(i));
      }
    }
  }

  @Test
  void trainingGoesOnWithTheOptimizersState() {
    SavedModel saved = KerasFile.read(Golden.path("keras_files_trained/simple_rnn.keras"));
    Parameters fresh = Parameters.initial(saved.parameters().values());
    float[] onward = afterOneBatch(saved, saved.parameters());
    assertThat(onward).isNotEqualTo(afterOneBatch(saved, fresh));
    try (Model model = saved.toModel()) {
      assertThat(model.parameters().iterations()).isEqualTo(320);
    }
  }

  private static float[] afterOneBatch(SavedModel saved, Parameters start) {
    float[] pixels = new float[2 * 28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i % 11) / 11f;
    }
    Dataset data = Dataset.of(Shape.of(28, 28), pixels, new int[] {3, 7}, 10);
    try (Model model = saved.toModel()) {
      model.setParameters(start);
      model.fit(data, FitOptions.epochs(1).withoutShuffle());
      return model.parameters().values().get(0);
    }
  }
}
