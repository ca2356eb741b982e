package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Samples of their own to evaluate after each epoch. */
class ValidationDataTest {
  private static final Shape SAMPLE = Shape.of(3);
  private static final FitOptions OPTIONS = FitOptions.epochs(3).withBatchSize(4);

  private static Model model() {
    return Model.sequential(SAMPLE, Dense.of(5), Dropout.of(0.2), Dense.of(1))
        .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR, Metric.MEAN_ABSOLUTE_ERROR);
  }

  private static Dataset samples(int from, int count) {
    float[] x = new float[3 * count];
    float[] y = new float[count];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(3 * from + i);
    }
    for (int i = 0; i < count; i++) {
      y[i] = (float) Math.cos(from + i);
    }
    return Dataset.of(SAMPLE, x, y, 1);
  }

  @Test
  void theyAreWhatAShareHeldOutWouldBe() {
    try (Model shared = model();
        Model given = model()) {
      History byShare = shared.fit(samples(0, 40), OPTIONS.withValidationSplit(0.25));
      History byData = given.fit(samples(0, 30), OPTIONS.withValidationData(samples(30, 10)));
      assertThat(byData.history()).isEqualTo(byShare.history());
      assertThat(byData.history()).containsKeys("val_loss", "val_mae");
    }
  }

  @Test
  void thereMayBeMoreOfThemThanAreTrainedOn() {
    Dataset held = samples(30, 50).withSampleWeights(new float[50]);
    try (Model model = model()) {
      History history =
          model.fit(samples(0, 2), OPTIONS.withBatchSize(32).withValidationData(held));
      assertThat(history.history().get("val_loss")).containsExactly(0.0, 0.0, 0.0);
    }
  }

  @Test
  void theLastThatIsSaidHolds() {
    FitOptions data = OPTIONS.withValidationSplit(0.5).withValidationData(samples(0, 4));
    assertThat(data.validationSplit()).isZero();
    assertThat(data.withEpochs(7).withSeed(1).withoutShuffle().withBatchSize(2).validationData())
        .isPresent();
    assertThat(data.withClassWeights(Map.of(1, 2.0)).withTruncatedBackprop(2).validationData())
        .isPresent();
    assertThat(data.withValidationSplit(0.5).validationData()).isEmpty();
    assertThatThrownBy(() -> new FitOptions(1, 4, 0.5, true, 0, Map.of(), 0, data.validationData()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "fit: give a validationSplit or validationData, found 0.5 and 4 samples of [3],"
                + " 1 targets each");
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsTrained() {
    try (Model model = model()) {
      List<float[]> before = model.parameters().values();
      Dataset other = Dataset.of(Shape.of(2), new float[4], new float[2], 1);
      assertThatThrownBy(() -> model.fit(samples(0, 4), OPTIONS.withValidationData(other)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "fit: validationData do not fit: data: a sample is [2], the model expects [3]");
      Dataset bare = Dataset.of(SAMPLE, new float[6]);
      assertThatThrownBy(() -> model.fit(samples(0, 4), OPTIONS.withValidationData(bare)))
          .hasMessage(
              "fit: validationData do not fit: data: there are no targets, the model has 1 output");
      assertThat(model.parameters().values()).containsExactlyElementsOf(before);
    }
  }
}
