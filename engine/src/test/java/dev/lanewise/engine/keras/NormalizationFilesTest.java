package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Means and variances that models keep from before their training, against Keras's. */
class NormalizationFilesTest {
  private static final Shape SAMPLE = Shape.of(5, 3);
  private static final int SAMPLES = 6;

  @TempDir Path folder;

  private static SavedModel read(String file) {
    return KerasFile.read(Golden.path("normalization/" + file));
  }

  private static Dataset data() {
    float[] x = Npy.read("normalization/x").floats();
    return Dataset.of(SAMPLE, x, new float[SAMPLES * 10], 10);
  }

  private static float[] answers(SavedModel saved) {
    try (Model model = saved.toModel()) {
      return model.predict(data(), 4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "features.keras",
        "features.h5",
        "steps.keras",
        "steps_and_features.keras",
        "all.keras",
        "given.keras",
        "given_one.keras",
        "given_steps.keras",
        "inverted.keras"
      })
  void answersAsKerasAndIsWrittenAgain(String file) {
    SavedModel saved = read(file);
    assertThat(saved.obstacle()).isNull();
    float[] found = answers(saved);
    float[] expected = Npy.read("normalization/" + file.split("\\.")[0]).floats();
    assertThat(found).containsExactly(expected, Offset.offset(2e-6f));
    byte[] written = KerasFile.bytes(saved);
    Path copy = folder.resolve("copy.keras");
    KerasFile.write(saved, copy);
    SavedModel again = KerasFile.read(copy);
    assertThat(again.layers()).isEqualTo(saved.layers());
    assertThat(answers(again)).isEqualTo(found);
    assertThat(KerasFile.bytes(again)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"features", "steps", "steps_and_features", "all"})
  void adaptFindsWhatKerasFinds(String name) {
    SavedModel saved = read(name + ".keras");
    Normalization layer = (Normalization) saved.layers().getFirst().layer();
    try (Model model =
        Model.sequential(SAMPLE, layer, Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      model.adapt(data());
      List<float[]> found = model.parameters().values();
      for (int i = 0; i < 2; i++) {
        float[] expected = saved.parameters().values().get(i);
        for (int k = 0; k < expected.length; k++) {
          float most = 1e-5f * Math.max(1, Math.abs(expected[k]));
          assertThat(found.get(i)[k]).isCloseTo(expected[k], Offset.offset(most));
        }
      }
      assertThat(found.get(2)).containsExactly(0); // which Keras no longer counts
    }
  }

  @Test
  void trainingLeavesThemAsTheyAre() {
    try (Model model =
        Model.sequential(SAMPLE, Normalization.ofFeatures(), Dense.of(2))
            .compile(Adam.of(0.1), Loss.MEAN_SQUARED_ERROR)
            .adapt(data())) {
      List<float[]> before = model.parameters().values();
      model.fit(data(), FitOptions.epochs(1).withBatchSize(2));
      List<float[]> after = model.parameters().values();
      assertThat(after.get(0)).isEqualTo(before.get(0));
      assertThat(after.get(1)).isEqualTo(before.get(1));
      assertThat(after.get(3)).isNotEqualTo(before.get(3));
      assertThat(SavedModel.of(model, LocalDateTime.MIN).layerNames())
          .containsExactly("normalization", "dense");
    }
  }

  @Test
  void streamsNormalizeEachStep() {
    float[] x = data().floatFeatures();
    float[] whole = new float[10];
    float[] answer = new float[2];
    try (Model model = read("features.keras").toModel();
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      predictor.predict(Arrays.copyOf(x, 15), whole);
      for (int t = 0; t < 5; t++) {
        stream.step(Arrays.copyOfRange(x, t * 3, t * 3 + 3), answer);
        assertThat(answer).isEqualTo(Arrays.copyOfRange(whole, t * 2, t * 2 + 2));
      }
    }
    try (Model model = read("steps.keras").toModel();
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(predictor::stream)
          .hasMessage("stream: layer 0 (normalization) has means of its own for each step");
    }
  }

  @Test
  void whatIsNoNormalizationIsRefused() {
    assertThatThrownBy(() -> Normalization.of(List.of(1.0), List.of(-1.0)))
        .hasMessage("Normalization: a variance must be 0 or more, found -1.0");
    assertThatThrownBy(() -> Normalization.of(List.of(1.0, 2.0), List.of(1.0)))
        .hasMessageContaining("mean and variance must be of one size, found 2 and 1");
    assertThatThrownBy(() -> Normalization.ofAxes(0).outputShape(SAMPLE))
        .hasMessageContaining("an axis must be one of a sample's, 1 to 2 or negative");
    assertThatThrownBy(() -> Normalization.ofAxes(2, -1).outputShape(SAMPLE))
        .hasMessageContaining("take one mean, or one a place of the last of them");
    Normalization two = Normalization.of(List.of(1.0, 2.0), List.of(1.0, 2.0));
    assertThatThrownBy(() -> two.outputShape(SAMPLE)).hasMessageEndingWith("found 2");
    try (Model model =
        Model.sequential(SAMPLE, Dense.of(2), Normalization.ofFeatures())
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> model.adapt(data()))
          .hasMessageContaining("reads an input of the model");
    }
  }
}
