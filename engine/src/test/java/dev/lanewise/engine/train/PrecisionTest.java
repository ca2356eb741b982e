package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers by weights in bfloat16. */
class PrecisionTest {
  private static final int STEPS = 35; // more than a block of a single row's inputs, and a rest
  private static final int FEATURES = 5;
  private static final int SAMPLES = 27;

  private static Model model(Layer... layers) {
    return Model.sequential(Shape.of(STEPS, FEATURES), layers)
        .withSeed(3)
        .withThreads(2)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  private static float[] inputs() {
    SplitMix64 random = new SplitMix64(2);
    float[] values = new float[SAMPLES * STEPS * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2001) / 1000f - 1;
    }
    return values;
  }

  /** Biases that are no bfloat16, so that it shows that they stay. */
  private static void setBiases(Model model) {
    List<float[]> values = new ArrayList<>();
    for (float[] own : model.parameters().values()) {
      float[] changed = own.clone();
      for (int i = 0; i < changed.length; i++) {
        changed[i] += 0.1003f + i * 0.0007f;
      }
      values.add(changed);
    }
    model.setParameters(Parameters.initial(values));
  }

  /** To the nearest by plain arithmetic: 8 bits of the significand are left. */
  private static float rounded(float value) {
    double unit = Math.ulp(value) * 65536.0;
    return (float) (Math.rint(value / unit) * unit);
  }

  private static List<float[]> roundedKernels(Model model) {
    List<float[]> values = new ArrayList<>();
    List<ParameterSpec> specs = model.spec().parameters();
    for (int p = 0; p < specs.size(); p++) {
      float[] own = model.parameters().values().get(p).clone();
      boolean kernel = specs.get(p).name().endsWith("kernel");
      for (int i = 0; i < own.length && kernel; i++) {
        own[i] = rounded(own[i]);
      }
      values.add(own);
    }
    return values;
  }

  /** Alone, in company, from a stream: the bits of float32 with kernels that are rounded. */
  @ParameterizedTest
  @EnumSource
  void answersHaveTheBitsOfRoundedKernels(RecurrentKind kind) {
    RecurrentOptions sequences = RecurrentOptions.DEFAULTS.returningSequences();
    float[] x = inputs();
    int each = STEPS * FEATURES;
    float[] plain = new float[SAMPLES * STEPS * 3];
    float[] expected = plain.clone();
    float[] found = plain.clone();
    try (Model model =
        model(
            kind.of(20, Activation.TANH, sequences),
            kind.of(7, Activation.TANH, sequences),
            Dense.of(3))) {
      setBiases(model);
      try (Predictor predictor = model.predictor()) {
        predictor.predict(x, plain);
      }
      List<float[]> kernels = roundedKernels(model);
      try (Predictor halves = model.predictor(Precision.BF16);
          Stream stream = halves.stream()) {
        model.setParameters(Parameters.initial(kernels));
        try (Predictor rounded = model.predictor(Precision.FLOAT32)) {
          rounded.predict(x, expected);
        }
        halves.predict(x, found);
        assertThat(found).isEqualTo(expected).isNotEqualTo(plain);
        float[] one = new float[STEPS * 3];
        float[] step = new float[3];
        for (int n : new int[] {0, SAMPLES - 1}) {
          float[] alone = Arrays.copyOfRange(x, n * each, (n + 1) * each);
          float[] answer = Arrays.copyOfRange(expected, n * STEPS * 3, (n + 1) * STEPS * 3);
          halves.predict(alone, one);
          assertThat(one).isEqualTo(answer);
          stream.reset();
          for (int t = 0; t < STEPS; t++) {
            stream.step(Arrays.copyOfRange(alone, t * FEATURES, (t + 1) * FEATURES), step);
            assertThat(step).isEqualTo(Arrays.copyOfRange(answer, 3 * t, 3 * t + 3));
          }
        }
        assertThat(halves.bytes()).isPositive();
      }
    }
  }

  @Test
  void answersOfOneSampleThatGoBothWaysAreThoseOfMany() {
    RecurrentOptions last = RecurrentOptions.DEFAULTS;
    float[] x = inputs();
    float[] all = new float[SAMPLES * 3];
    float[] one = new float[3];
    try (Model model =
            model(
                Bidirectional.of(RecurrentKind.LSTM.of(9, Activation.TANH, last)),
                Dense.of(3, Activation.SOFTMAX));
        Predictor halves = model.predictor(Precision.BF16)) {
      halves.predict(x, all);
      for (int n = 0; n < SAMPLES; n++) {
        halves.predict(
            Arrays.copyOfRange(x, n * STEPS * FEATURES, (n + 1) * STEPS * FEATURES), one);
        assertThat(one).isEqualTo(Arrays.copyOfRange(all, 3 * n, 3 * n + 3));
      }
    }
  }

  @Test
  void aBackendWithoutItRefuses() {
    Backend other =
        new Backend() {
          @Override
          public String name() {
            return "other";
          }

          @Override
          public Probe probe() {
            return new Probe(true, "here");
          }

          @Override
          public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
            throw new AssertionError("not asked");
          }

          @Override
          public Plan compile(ModelSpec model, PlanOptions options) {
            throw new AssertionError("not asked");
          }
        };
    try (Model model = model(Dense.of(2)).onBackend(other)) {
      assertThatThrownBy(() -> model.predictor(Precision.BF16))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "backend other: has no kernels of weights in BF16; ask for FLOAT32, or take the"
                  + " backend cpu");
    }
  }
}
