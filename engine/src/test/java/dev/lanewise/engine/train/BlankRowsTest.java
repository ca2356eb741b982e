package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A recurrent layer at each step passes over the blank beginning of each step's own sequence. Zeros
 * with a minus sign are no blanks, and are the same numbers: what both say has to agree.
 */
class BlankRowsTest {
  private static final int SAMPLES = 40;
  private static final int ROWS = 7;
  private static final int PIXELS = 11;
  private static final int FEATURES = 2;
  private static final int SIZE = ROWS * PIXELS * FEATURES;
  private static final Shape INPUT = Shape.of(ROWS, PIXELS, FEATURES);

  /** Biases that are not zero: with zeros every blank state would be zero too. */
  private static Model model(RecurrentKind kind, int threads, double rate) {
    Model model =
        Model.sequential(
                INPUT,
                new TimeDistributed(kind.last(21)),
                kind.last(5),
                Dense.of(3, Activation.SOFTMAX))
            .withSeed(6)
            .withThreads(threads)
            .compile(Sgd.of(rate), Loss.CATEGORICAL_CROSSENTROPY);
    Parameters start = model.parameters();
    float[] bias = start.values().get(2);
    for (int i = 0; i < bias.length; i++) {
      bias[i] = 0.1f * (i % 7 - 3.5f);
    }
    model.setParameters(start);
    return model;
  }

  /** Rows begin with any number of blank pixels, and may be wholly blank; one picture is. */
  private static float[] inputs(float blank) {
    SplitMix64 random = new SplitMix64(9);
    float[] inputs = new float[SAMPLES * SIZE];
    for (int row = 0; row < SAMPLES * ROWS; row++) {
      int lead = row / ROWS == 8 ? PIXELS : random.nextInt(PIXELS + 1);
      for (int i = 0; i < PIXELS * FEATURES; i++) {
        float ink = random.nextInt(4) == 0 ? 0 : random.nextInt(1000) / 1000f - 0.5f;
        inputs[row * PIXELS * FEATURES + i] = i < lead * FEATURES ? blank : ink;
      }
    }
    return inputs;
  }

  private static Dataset data(float blank) {
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 3;
    }
    return Dataset.of(INPUT, inputs(blank), labels, 3);
  }

  @ParameterizedTest
  @EnumSource
  void outputsAndLossesHaveTheSameBits(RecurrentKind kind) {
    try (Model model = model(kind, 2, 0.1)) {
      float[] expected = model.predict(data(-0f), SAMPLES);
      assertThat(model.predict(data(0f), SAMPLES)).isEqualTo(expected);
      assertThat(model.predict(data(0f), 7)).isEqualTo(expected);
      assertThat(model.evaluate(data(0f), SAMPLES)).isEqualTo(model.evaluate(data(-0f), 7));
    }
  }

  /** A step size that moves weights far enough for rounding to be small beside it. */
  @ParameterizedTest
  @CsvSource({
    "SIMPLE_RNN, 40, 0.05",
    "SIMPLE_RNN, 7, 0.05",
    "LSTM, 40, 0.5",
    "LSTM, 30, 0.5",
    "LSTM, 7, 0.5",
    "LSTM, 1, 0.5",
    "GRU, 40, 0.5",
    "GRU_RESET_BEFORE, 40, 0.5",
    "SIMPLE_RNN_DROPPING, 40, 0.05",
    "LSTM_DROPPING, 30, 0.5",
    "GRU_DROPPING, 40, 0.5"
  })
  void trainingAgreesToRounding(RecurrentKind kind, int batch, double rate) {
    FitOptions options = FitOptions.epochs(3).withBatchSize(batch).withSeed(2);
    // One workspace, so that the shard before has left its values.
    try (Model passing = model(kind, 1, rate);
        Model walking = model(kind, 2, rate);
        Model start = model(kind, 1, rate)) {
      passing.fit(data(0f), options);
      walking.fit(data(-0f), options);
      List<float[]> before = start.parameters().values();
      List<float[]> expected = walking.parameters().values();
      List<float[]> found = passing.parameters().values();
      for (int p = 0; p < expected.size(); p++) {
        double change = Distance.between(expected.get(p), before.get(p));
        assertThat(change).isPositive();
        assertThat(Distance.between(expected.get(p), found.get(p)) / change).isLessThan(1e-5);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPredictorHasThePlansBits(RecurrentKind kind) {
    try (Model model = model(kind, 2, 0.1);
        Predictor predictor = model.predictor()) {
      float[] expected = model.predict(data(-0f), SAMPLES);
      float[] inputs = inputs(0f);
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
