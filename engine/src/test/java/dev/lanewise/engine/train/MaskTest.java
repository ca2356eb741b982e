package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mask is to a whole model; its values are held against Keras's elsewhere. */
class MaskTest {
  private static final Shape INPUT = Shape.of(11, 5);
  private static final int SIZE = 55;

  private static Model model(Layer... layers) {
    return Model.sequential(INPUT, layers)
        .withSeed(1)
        .withThreads(2)
        .compile(Sgd.of(0.1), Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  private static Model tagger() {
    return model(
        Masking.ofZeros(), Lstm.of(9).returningSequences(), Dense.of(4, Activation.SOFTMAX));
  }

  /** Of lengths from nothing to all, in no order: long and short ones are worked on together. */
  @ParameterizedTest
  @EnumSource
  void aSampleHasTheSameAnswerInAnyCompany(RecurrentKind kind) {
    Dataset data = SmallRun.paddedData();
    try (Model model = SmallRun.maskedModel(kind, 2);
        Predictor predictor = model.predictor()) {
      float[] expected = model.predict(data, 150);
      float[] together = new float[expected.length];
      predictor.predict(data.floatFeatures(), together);
      assertThat(together).isEqualTo(expected);
      float[] alone = new float[expected.length / data.size()];
      for (int n = 0; n < data.size(); n += 7) {
        predictor.predict(
            Arrays.copyOfRange(data.floatFeatures(), n * SIZE, (n + 1) * SIZE), alone);
        assertThat(alone)
            .isEqualTo(Arrays.copyOfRange(expected, n * alone.length, (n + 1) * alone.length));
      }
    }
  }

  /** The divisor is a batch's, however the plan has to take it. */
  @Test
  void aBatchOfAnEvaluationMayBeLargerThanThoseOfAFitAroundIt() {
    Dataset data = SmallRun.paddedData();
    try (Model model = tagger();
        Model other = tagger()) {
      Evaluation expected = other.evaluate(data, 100);
      assertThat(other.evaluate(data, 26).loss()).isNotEqualTo(expected.loss());
      Callback evaluating =
          new Callback() {
            @Override
            public void onEpochBegin(int epoch, int batches) {
              assertThat(model.evaluate(data, 100)).isEqualTo(expected);
            }
          };
      model.fit(data, FitOptions.epochs(1).withBatchSize(26), evaluating);
    }
  }

  @Test
  void aBatchWithNothingThatCountsHasNoLossAndChangesNothing() {
    Dataset data = Dataset.of(INPUT, new float[30 * SIZE], new int[30 * 11], 4);
    try (Model model = tagger()) {
      List<float[]> before = model.parameters().values();
      History history = model.fit(data, FitOptions.epochs(1).withBatchSize(30));
      assertThat(history.history().get("loss")).containsExactly(0.0);
      assertThat(history.history().get("accuracy")).containsExactly(0.0);
      List<float[]> after = model.parameters().values();
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
    }
  }

  /** What other samples left in the places of masked steps is nobody's. */
  @ParameterizedTest
  @EnumSource
  void whatOtherSamplesLeftIsNotLookedAt(RecurrentKind kind) {
    Dataset data = SmallRun.paddedData();
    float[] large = new float[data.size() * SIZE];
    Arrays.fill(large, Float.MAX_VALUE);
    int[] labels = new int[data.size() * 11];
    FitOptions options = FitOptions.epochs(1).withBatchSize(60).withSeed(2);
    try (Model model = SmallRun.maskedModel(kind, 2);
        Model other = SmallRun.maskedModel(kind, 2)) {
      model.fit(data, options);
      other.predict(data, 60);
      other.evaluate(Dataset.of(INPUT, large, labels, 4), 60);
      other.fit(data, options);
      assertThat(SmallRun.digest(other)).isEqualTo(SmallRun.digest(model));
      assertThat(model.parameters().firstNotFinite()).isNegative();
    }
  }

  /** Bytes are masked as the numbers that they become. */
  @ParameterizedTest
  @ValueSource(ints = {0, 51})
  void bytesAreMaskedByTheNumbersThatTheyBecome(int gray) {
    byte[] bytes = new byte[40 * SIZE];
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int value = i / 5 % 3 == 0 ? gray : i % 256;
      bytes[i] = (byte) value;
      floats[i] = value / 255f;
    }
    int[] labels = new int[40 * 11];
    Layer[] layers = {
      new Masking(gray / 255f), Lstm.of(5).returningSequences(), Dense.of(4, Activation.SOFTMAX)
    };
    try (Model model = model(layers)) {
      assertThat(model.evaluate(Dataset.ofBytes(INPUT, bytes, labels, 4), 40))
          .isEqualTo(model.evaluate(Dataset.of(INPUT, floats, labels, 4), 40));
    }
  }

  @Test
  void aLossUnderAMaskOfComputedValuesIsRefused() {
    Dataset data = SmallRun.paddedData();
    try (Model model = model(Dense.of(5), Masking.ofZeros(), Lstm.of(4).returningSequences())) {
      assertThat(model.predict(data, 10)).hasSize(230 * 44);
      Stream.<Runnable>of(
              () -> model.evaluate(data, 10), () -> model.fit(data, FitOptions.epochs(1)))
          .forEach(
              refused ->
                  assertThatThrownBy(refused::run)
                      .isInstanceOf(IllegalArgumentException.class)
                      .hasMessageContaining("let Masking be the first layer"));
    }
  }

  /** A layer that gives the masked value itself learns nothing by what is made of it. */
  @Test
  void noGradientGoesBackThroughWhatIsMasked() {
    Dataset data =
        Dataset.of(INPUT, SmallRun.paddedData().floatFeatures(), new int[230], 4).slice(0, 30);
    try (Model model =
        model(Dense.of(1), new Masking(0.5), new Flatten(), Dense.of(4, Activation.SOFTMAX))) {
      Parameters start = model.parameters();
      Arrays.fill(start.values().get(0), 0);
      Arrays.fill(start.values().get(1), 0.5f);
      model.setParameters(start);
      model.fit(data, FitOptions.epochs(1).withBatchSize(30));
      List<float[]> after = model.parameters().values();
      assertThat(after.get(0)).containsOnly(0);
      assertThat(after.get(1)).containsOnly(0.5f);
      assertThat(after.get(3)).doesNotContain(0);
    }
  }

  @Test
  void onlySequencesAreMasked() {
    assertThatThrownBy(() -> Masking.ofZeros().outputShape(Shape.of(7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Masking: input must be [steps, features], found [7]");
    assertThatThrownBy(() -> new Masking(Double.NaN))
        .hasMessage("Masking: maskValue must be a finite number, found NaN");
  }
}
