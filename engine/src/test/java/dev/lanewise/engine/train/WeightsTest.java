package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of samples and of classes: what they multiply, and what they are refused for. */
class WeightsTest {
  private static final Metric[] METRICS = {
    Metric.ACCURACY,
    Metric.ACCURACY.byWeight().named("weighted_accuracy"),
    Metric.AUC,
    Metric.AUC.byWeight().named("weighted_auc"),
    Metric.PRECISION,
    Metric.RECALL.byWeight(),
    Metric.ROOT_MEAN_SQUARED_ERROR.byWeight(),
    Metric.of(new Measure.TopKCategoricalAccuracy(1), "top")
  };

  private static Model identity(Loss loss, Metric... metrics) {
    Model model =
        Model.sequential(Shape.of(1), Dense.of(1).withoutBias())
            .compile(Sgd.of(0.5), loss, metrics);
    model.setParameters(Parameters.initial(List.of(new float[] {1})));
    return model;
  }

  private static Dataset four(float... targets) {
    return Dataset.of(Shape.of(1), new float[] {1, 2, 3, 4}, targets, 1);
  }

  @Test
  void aLossIsMultipliedAndDividedByTheNumberOfSamples() {
    Dataset data = four(0, 0, 0, 0).withSampleWeights(new float[] {1, 0, 2, 0.5f});
    Metric plain = Metric.MEAN_SQUARED_ERROR;
    try (Model model = identity(Loss.MEAN_SQUARED_ERROR, plain, plain.byWeight().named("w"))) {
      Evaluation found = model.evaluate(data, 3);
      assertThat(found.loss()).isEqualTo((1 + 2 * 9 + 0.5 * 16) / 4);
      assertThat(found.values().get("mse")).isEqualTo((1 + 4 + 9 + 16) / 4.0);
      assertThat(found.values().get("w")).isEqualTo((1 + 2 * 9 + 0.5 * 16) / 3.5);
    }
  }

  @Test
  void aGradientIsMultipliedAsItsLoss() {
    Dataset data = four(0, 0, 0, 0).withSampleWeights(new float[] {1, 0, 2, 0.5f});
    try (Model model = identity(Loss.MEAN_SQUARED_ERROR)) {
      model.fit(data, FitOptions.epochs(1).withBatchSize(4).withoutShuffle());
      double gradient = 2 * (1 + 2 * 9 + 0.5 * 16) / 4;
      assertThat(model.parameters().values().get(0)[0])
          .isCloseTo((float) (1 - 0.5 * gradient), offset(1e-5f));
    }
  }

  @Test
  void stepsHaveWeightsOfTheirOwn() {
    Shape steps = Shape.of(2, 1);
    Dataset data =
        Dataset.of(steps, new float[] {1, 2, 3, 4}, new float[4], 2)
            .withSampleWeights(new float[] {1, 0, 2, 0.5f});
    try (Model model =
        Model.sequential(steps, Dense.of(1).withoutBias())
            .compile(
                Sgd.of(0.5),
                Loss.MEAN_SQUARED_ERROR,
                Metric.MEAN_SQUARED_ERROR.byWeight().named("w"))) {
      model.setParameters(Parameters.initial(List.of(new float[] {1})));
      Evaluation found = model.evaluate(data, 1);
      assertThat(found.loss()).isEqualTo((1 + 2 * 9 + 0.5 * 16) / 4);
      assertThat(found.values().get("w")).isEqualTo((1 + 2 * 9 + 0.5 * 16) / 3.5);
      Dataset oneEach = data.withSampleWeights(new float[] {1, 2});
      assertThatThrownBy(() -> model.evaluate(oneEach, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 weights a sample do not fit the model's output [2, 1]")
          .hasMessageContaining("needs 2, one a step");
    }
  }

  @Test
  void weightsGoWithTheirSamples() {
    Dataset data = four(0, 0, 0, 0).withSampleWeights(new float[] {1, 0, 2, 0.5f});
    assertThat(data.slice(2, 4).sampleWeight(1, 0)).isEqualTo(0.5f);
    Dataset part = data.slice(1, 4).withSampleWeights(new float[] {7, 8, 9});
    assertThat(part.slice(1, 3).sampleWeight(0, 0)).isEqualTo(8);
    assertThat(four(0, 0, 0, 0).sampleWeight(3, 0)).isEqualTo(1);
    try (Model model = identity(Loss.MEAN_SQUARED_ERROR)) {
      FitOptions options =
          FitOptions.epochs(1).withBatchSize(2).withoutShuffle().withValidationSplit(0.5);
      Dataset unlearned = Dataset.of(Shape.of(1), new float[] {0, 0, 3, 4}, new float[4], 1);
      History history =
          model.fit(unlearned.withSampleWeights(new float[] {1, 0, 2, 0.5f}), options);
      assertThat(history.history().get("val_loss")).containsExactly((2 * 9 + 0.5 * 16) / 2);
    }
  }

  @Test
  void classesWeighInTrainingAlone() {
    Dataset labels = Dataset.of(Shape.of(1), new float[] {1, 2, 3, 4}, new int[] {1, 0, 1, 0}, 2);
    FitOptions options =
        FitOptions.epochs(1)
            .withBatchSize(2)
            .withoutShuffle()
            .withValidationSplit(0.5)
            .withClassWeights(Map.of(1, 3.0));
    try (Model model = identity(Loss.MEAN_SQUARED_ERROR)) {
      History history = model.fit(labels, options);
      assertThat(history.history().get("loss")).containsExactly((3 * 0 + 4) / 2.0);
      assertThat(history.history().get("val_loss").getFirst())
          .isEqualTo(model.evaluate(labels.slice(2, 4), 2).loss());
    }
  }

  /** A label, the nearest of one value, the largest of several; what is not named counts once. */
  @Test
  void aClassIsFoundAsInKeras() {
    Map<Integer, Double> weights = Map.of(0, 5.0, 2, 7.0);
    Dataset labels = Dataset.of(Shape.of(1), new float[3], new int[] {2, 1, 0}, 3);
    Dataset values = Dataset.of(Shape.of(1), new float[3], new float[] {1.6f, 0.5f, 1}, 1);
    float[] several = {0, 0.5f, 0.5f, 0, 0, 1, 1, 0, 0};
    Dataset oneHot = Dataset.of(Shape.of(1), new float[3], several, 3);
    assertThat(each(labels.withClassWeights(weights))).containsExactly(7f, 1f, 5f);
    assertThat(each(values.withClassWeights(weights))).containsExactly(7f, 5f, 1f);
    assertThat(each(oneHot.withClassWeights(weights))).containsExactly(1f, 7f, 5f);
  }

  private static List<Float> each(Dataset data) {
    List<Float> weights = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      weights.add(data.sampleWeight(i, 0));
    }
    return weights;
  }

  @Test
  void whatWouldMeanNothingIsRefused() {
    Dataset data = four(0, 1, 0, 1);
    FitOptions classes = FitOptions.epochs(1).withClassWeights(Map.of(0, 2.0));
    try (Model model = identity(Loss.BINARY_CROSSENTROPY)) {
      refused(
          "give one or the other", () -> model.fit(data.withSampleWeights(new float[4]), classes));
      Dataset steps = data.withSampleWeights(new float[8]);
      refused("2 weights a sample", () -> model.evaluate(steps, 4));
    }
    try (Model model =
        Model.sequential(Shape.of(2, 1), Dense.of(1)).compile(Sgd.of(1), Loss.MEAN_SQUARED_ERROR)) {
      Dataset sequences = Dataset.of(Shape.of(2, 1), new float[4], new float[4], 2);
      refused(
          "class weights are for one target a sample, the model's output is [2, 1]",
          () -> model.fit(sequences, classes));
    }
    refused("as many weights", () -> data.withSampleWeights(new float[5]));
    refused(
        "weight 0 of sample 2 is NaN",
        () -> data.withSampleWeights(new float[] {1, 1, Float.NaN, 1}));
    refused("class 3 must have a finite weight", () -> classes.withClassWeights(nan()));
  }

  private static Map<Integer, Double> nan() {
    return Map.of(3, Double.NaN);
  }

  private static void refused(String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static Dataset binary() {
    SplitMix64 random = new SplitMix64(9);
    float[] x = new float[90 * 12];
    float[] weights = new float[90];
    int[] labels = new int[90];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(1000) / 500f - 1;
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = x[12 * i] + x[12 * i + 7] > 0 ? 1 : 0;
      weights[i] = 0.1f + random.nextInt(20) / 7f;
    }
    return Dataset.of(Shape.of(4, 3), x, labels, 2).withSampleWeights(weights);
  }

  private static Model classifier(int threads) {
    return Model.sequential(Shape.of(4, 3), SimpleRnn.of(9), Dense.of(1, Activation.SIGMOID))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.BINARY_CROSSENTROPY, METRICS);
  }

  private static FitOptions options() {
    return FitOptions.epochs(3).withBatchSize(26).withValidationSplit(0.2).withSeed(1);
  }

  /** Every sum is taken in the order of the batch, and is part of a checkpoint. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void threadsAndInterruptionsChangeNoBitOfMetrics(int threads) {
    List<byte[]> states = new ArrayList<>();
    Callback recorder =
        new Callback() {
          private Training training;

          @Override
          public void onTrainBegin(Training running) {
            training = running;
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            states.add(CheckpointFormat.bytes(new Checkpoint(Map.of(), training.state())));
          }
        };
    Map<String, List<Double>> expected;
    try (Model model = classifier(1)) {
      expected = model.fit(binary(), options(), recorder).history();
      assertThat(expected.get("loss").getLast()).isLessThan(expected.get("loss").getFirst());
      assertThat(expected.get("auc").getLast()).isGreaterThan(expected.get("auc").getFirst());
      assertThat(expected.get("weighted_auc")).isNotEqualTo(expected.get("auc"));
    }
    for (byte[] state : List.copyOf(states)) {
      try (Model model = classifier(threads)) {
        TrainingState read = CheckpointFormat.read(state).state();
        assertThat(model.resume(read, binary(), options(), new Callback() {}).history())
            .isEqualTo(expected);
        assertThat(model.evaluate(binary(), 7)).isEqualTo(model.evaluate(binary(), 64));
      }
    }
  }

  @Test
  void aStateWithOtherMetricsIsRefused() {
    List<TrainingState> states = new ArrayList<>();
    Callback recorder =
        new Callback() {
          private Training training;

          @Override
          public void onTrainBegin(Training running) {
            training = running;
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            states.add(training.state());
          }
        };
    try (Model model = classifier(1)) {
      model.fit(binary(), options(), recorder);
    }
    try (Model other = classifier(1).compile(Adam.of(0.01), Loss.BINARY_CROSSENTROPY)) {
      refused(
          "0 sums of metrics",
          () -> other.resume(states.get(1), binary(), options(), new Callback() {}));
    }
  }
}
