package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A walk over padded sequences is the walk over what is not padding, whatever was there before. */
class MaskedWalkTest {
  private static final int STEPS = 9;
  private static final int LEAD = 1;
  private static final int TRAIL = 3;
  private static final int USED = STEPS - LEAD - TRAIL;
  private static final int FEATURES = 4;
  private static final int UNITS = 7;
  private static final int SAMPLES = 5;

  private static Model model(int steps, Layer... layers) {
    return Model.sequential(Shape.of(steps, FEATURES), layers)
        .withSeed(4)
        .withThreads(1)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  private static float[] randoms(int count) {
    SplitMix64 random = new SplitMix64(11);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt(2000) + 1) / 1000f - 1.0005f;
    }
    return values;
  }

  /** Returns sequences with padding before and behind them. */
  private static float[] padded(float[] sequences) {
    float[] padded = new float[SAMPLES * STEPS * FEATURES];
    for (int n = 0; n < SAMPLES; n++) {
      int from = n * USED * FEATURES;
      int to = (n * STEPS + LEAD) * FEATURES;
      System.arraycopy(sequences, from, padded, to, USED * FEATURES);
    }
    return padded;
  }

  /** Returns outputs with what masked steps repeat: nothing yet, and the last one. */
  private static float[] repeated(float[] outputs, int before) {
    float[] all = new float[SAMPLES * STEPS * UNITS];
    for (int n = 0; n < SAMPLES; n++) {
      for (int t = before; t < STEPS; t++) {
        int step = n * USED + Math.min(t - before, USED - 1);
        System.arraycopy(outputs, step * UNITS, all, (n * STEPS + t) * UNITS, UNITS);
      }
    }
    return all;
  }

  private static float[] predict(Model model, float[] x, int steps) {
    int answer = steps * UNITS;
    Dataset data = Dataset.of(Shape.of(steps, FEATURES), x, new float[SAMPLES * answer], answer);
    return model.predict(data, SAMPLES);
  }

  @ParameterizedTest
  @EnumSource
  void paddingInAllRowsLeavesWhatTheWalkWithoutItLeaves(RecurrentKind kind) {
    for (boolean backwards : new boolean[] {false, true}) {
      RecurrentOptions sequences = RecurrentOptions.DEFAULTS.returningSequences();
      RecurrentOptions options = backwards ? sequences.goingBackwards() : sequences;
      Layer layer = kind.of(UNITS, Activation.TANH, options);
      float[] x = randoms(SAMPLES * USED * FEATURES);
      float[] others = randoms(SAMPLES * STEPS * FEATURES);
      try (Model masked = model(STEPS, Masking.ofZeros(), layer);
          Model bare = model(USED, layer)) {
        Parameters weights = masked.parameters();
        bare.setParameters(weights);
        float[] expected = repeated(predict(bare, x, USED), backwards ? TRAIL : LEAD);
        predict(masked, others, STEPS); // which leaves other values everywhere
        assertThat(predict(masked, padded(x), STEPS)).isEqualTo(expected);
        try (Predictor predictor = masked.predictor()) {
          float[] found = new float[expected.length];
          predictor.predict(others, found);
          predictor.predict(padded(x), found);
          assertThat(found).isEqualTo(expected);
          float[] one = new float[STEPS * UNITS];
          int size = STEPS * FEATURES;
          predictor.predict(Arrays.copyOf(others, size), one);
          predictor.predict(Arrays.copyOf(padded(x), size), one);
          assertThat(one).isEqualTo(Arrays.copyOf(expected, one.length));
        }
      }
    }
  }

  /** Another input's first steps may be passed over only where they are blank themselves. */
  @Test
  void whatOneInputMasksIsComputedOfAnother() {
    int size = STEPS * FEATURES;
    float[] x = randoms(2 * size);
    float[] y = new float[2 * UNITS];
    float[] masked = new float[2 * UNITS];
    try (Model model =
            Model.graph(
                    g -> {
                      Value a = g.input("a", Shape.of(STEPS, FEATURES));
                      Value b = g.input("b", Shape.of(STEPS, FEATURES));
                      Value first = g.apply(Gru.of(UNITS), g.apply(Masking.ofZeros(), a));
                      Value second = g.apply(Lstm.of(UNITS), b);
                      g.output(g.apply(Concatenate.FEATURES, first, second));
                    })
                .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
        Predictor predictor = model.predictor()) {
      predictor.predict(x, y);
      Arrays.fill(x, 0, 3 * FEATURES, 0);
      predictor.predict(x, masked);
      assertThat(Arrays.copyOf(masked, UNITS)).isNotEqualTo(Arrays.copyOf(y, UNITS));
      assertThat(Arrays.copyOfRange(masked, UNITS, 2 * UNITS))
          .isEqualTo(Arrays.copyOfRange(y, UNITS, 2 * UNITS));
    }
  }
}
