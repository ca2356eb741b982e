package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Steps of zeros before any other are passed over. Zeros with a minus sign are not, and are the
 * same numbers: what both say has to agree.
 */
class BlankLeadTest {
  private static final int SAMPLES = 66;
  private static final int STEPS = 37; // more than a block of a single sample's steps
  private static final int FEATURES = 5;
  private static final int SIZE = STEPS * FEATURES;

  /** Biases that are not zero: with zeros every blank state would be zero too. */
  private static Model model(RecurrentKind kind, int threads) {
    return model(kind, threads, Activation.TANH);
  }

  private static Model model(RecurrentKind kind, int threads, Activation activation) {
    Model model = untrained(kind, threads, activation);
    Parameters start = model.parameters();
    float[] bias = start.values().get(2);
    for (int i = 0; i < bias.length; i++) {
      bias[i] = 0.1f * (i % 7 - 3.5f);
    }
    model.setParameters(start);
    return model;
  }

  private static Model untrained(RecurrentKind kind, int threads) {
    return untrained(kind, threads, Activation.TANH);
  }

  private static Model untrained(RecurrentKind kind, int threads, Activation activation) {
    return Model.sequential(
            Shape.of(STEPS, FEATURES),
            kind.of(21, activation, RecurrentOptions.DEFAULTS),
            Dense.of(3, Activation.SOFTMAX))
        .withSeed(6)
        .withThreads(threads)
        .compile(Sgd.of(0.05), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  /** Leads of every length, from none to the whole of sample 40; later zeros are no lead. */
  private static float[] inputs(float blank) {
    SplitMix64 random = new SplitMix64(9);
    float[] inputs = new float[SAMPLES * SIZE];
    for (int i = 0; i < SAMPLES; i++) {
      int lead = i == 40 ? STEPS : i % STEPS;
      for (int j = 0; j < SIZE; j++) {
        float ink = random.nextInt(4) == 0 ? 0 : random.nextInt(1000) / 1000f - 0.5f;
        inputs[i * SIZE + j] = j < lead * FEATURES ? blank : ink;
      }
    }
    return inputs;
  }

  private static Dataset data(float blank) {
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 3;
    }
    return Dataset.of(Shape.of(STEPS, FEATURES), inputs(blank), labels, 3);
  }

  @ParameterizedTest
  @EnumSource
  void outputsAndLossesHaveTheSameBits(RecurrentKind kind) {
    try (Model model = model(kind, 2)) {
      assertThat(model.predict(data(0f), SAMPLES)).isEqualTo(model.predict(data(-0f), SAMPLES));
      assertThat(model.predict(data(0f), 7)).isEqualTo(model.predict(data(-0f), SAMPLES));
      assertThat(model.evaluate(data(0f), SAMPLES)).isEqualTo(model.evaluate(data(-0f), 7));
    }
  }

  /** The derivative of silu is taken at the sums, which blank steps keep too. */
  @ParameterizedTest
  @CsvSource({
    "SIMPLE_RNN, 8, TANH",
    "SIMPLE_RNN, 25, TANH",
    "SIMPLE_RNN, 50, TANH",
    "SIMPLE_RNN, 66, TANH",
    "LSTM, 8, TANH",
    "LSTM, 25, TANH",
    "LSTM, 50, TANH",
    "LSTM, 66, TANH",
    "GRU, 8, TANH",
    "GRU, 25, TANH",
    "GRU, 50, TANH",
    "GRU, 66, TANH",
    "GRU_RESET_BEFORE, 25, TANH",
    "GRU_RESET_BEFORE, 66, TANH",
    "SIMPLE_RNN_DROPPING, 50, TANH",
    "LSTM_DROPPING, 50, TANH",
    "GRU_DROPPING, 50, TANH",
    "GRU_RESET_BEFORE_DROPPING, 50, TANH",
    "SIMPLE_RNN, 50, SILU",
    "LSTM, 50, SILU",
    "GRU, 50, SILU"
  })
  void trainingAgreesToRounding(RecurrentKind kind, int batch, Activation activation) {
    FitOptions options = FitOptions.epochs(4).withBatchSize(batch).withSeed(2);
    // One workspace, so that the shard before has left its values.
    try (Model passing = model(kind, 1, activation);
        Model walking = model(kind, 2, activation)) {
      double passed = passing.fit(data(0f), options).history().get("loss").getLast();
      double walked = walking.fit(data(-0f), options).history().get("loss").getLast();
      assertThat(passed).isCloseTo(walked, within(1e-6));
      List<float[]> expected = walking.parameters().values();
      List<float[]> found = passing.parameters().values();
      try (Model start = model(kind, 1, activation)) {
        List<float[]> before = start.parameters().values();
        for (int p = 0; p < expected.size(); p++) {
          double change = Distance.between(expected.get(p), before.get(p));
          assertThat(change).isPositive();
          assertThat(Distance.between(expected.get(p), found.get(p)) / change).isLessThan(1e-5);
        }
      }
    }
  }

  /** Leads are counted for the slice, whose first sample is not the arrays'. */
  @ParameterizedTest
  @EnumSource
  void aSliceTrainsAndEvaluatesAsItsCopy(RecurrentKind kind) {
    int from = 10;
    int to = SAMPLES - 6;
    Dataset slice = data(0f).slice(from, to);
    int[] labels = new int[to - from];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (from + i) % 3;
    }
    float[] copied = Arrays.copyOfRange(inputs(0f), from * SIZE, to * SIZE);
    Dataset copy = Dataset.of(Shape.of(STEPS, FEATURES), copied, labels, 3);
    FitOptions options = FitOptions.epochs(2).withBatchSize(50).withSeed(2);
    try (Model sliced = model(kind, 1);
        Model whole = model(kind, 1)) {
      sliced.fit(slice, options);
      whole.fit(copy, options);
      assertThat(sliced.parameters().values())
          .usingRecursiveComparison()
          .isEqualTo(whole.parameters().values());
      assertThat(sliced.evaluate(slice, 50)).isEqualTo(whole.evaluate(copy, 50));
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsChangeNothing(RecurrentKind kind) {
    FitOptions options = FitOptions.epochs(2).withBatchSize(60).withSeed(1);
    try (Model one = model(kind, 1);
        Model three = model(kind, 3)) {
      one.fit(data(0f), options);
      three.fit(data(0f), options);
      for (int p = 0; p < one.parameters().values().size(); p++) {
        assertThat(three.parameters().values().get(p)).isEqualTo(one.parameters().values().get(p));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPredictorHasThePlansBits(RecurrentKind kind) {
    try (Model model = model(kind, 2);
        Predictor predictor = model.predictor()) {
      float[] expected = model.predict(data(-0f), SAMPLES);
      float[] inputs = inputs(0f);
      float[] together = new float[SAMPLES * 3];
      predictor.predict(inputs, together);
      assertThat(together).isEqualTo(expected);
      for (int i = 0; i < SAMPLES; i++) {
        float[] alone = new float[3];
        predictor.predict(Arrays.copyOfRange(inputs, i * SIZE, (i + 1) * SIZE), alone);
        assertThat(alone)
            .as("sample %d", i)
            .isEqualTo(Arrays.copyOfRange(expected, i * 3, i * 3 + 3));
      }
    }
  }
}
