package dev.lanewise.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** One weight w with loss (w x - t)^2, stepped by the engine and by the formulas in double. */
class OptimizerTest {
  private static final float X = 0.7f;
  private static final float T = 2;
  private static final float START = 0.3f;
  private static final int STEPS = 20;

  private static float[] engine(Optimizer optimizer) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(1), List.of(Dense.of(1).withoutBias()), Loss.MEAN_SQUARED_ERROR, optimizer);
    float[] weights = new float[STEPS];
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(1, 1))) {
      plan.load(Parameters.initial(List.of(new float[] {START})));
      plan.bind(Dataset.of(Shape.of(1), new float[] {X}, new float[] {T}, 1));
      for (int i = 0; i < STEPS; i++) {
        plan.beginEpoch(new int[] {0}, 1);
        plan.step(1, new Totals());
        weights[i] = plan.snapshot().values().get(0)[0];
      }
    }
    return weights;
  }

  private static void check(Optimizer optimizer, DoubleUnaryOperator stepOfGradient) {
    double w = START;
    float[] found = engine(optimizer);
    for (int i = 0; i < STEPS; i++) {
      w += stepOfGradient.applyAsDouble(2 * (w * X - T) * X);
      // Each step rounds a few times to float32.
      assertThat(Math.abs(found[i] / w - 1)).as("step " + i).isLessThan(1e-6 * (i + 1));
    }
  }

  @Test
  void adamFollowsKerassFormula() {
    double[] state = new double[3];
    check(
        Adam.of(0.05),
        g -> {
          double t = ++state[2];
          state[0] += (g - state[0]) * (1 - 0.9);
          state[1] += (g * g - state[1]) * (1 - 0.999);
          // The powers are of float32's 0.9 and 0.999, as in Keras.
          double alpha = 0.05 * Math.sqrt(1 - Math.pow(0.999f, t)) / (1 - Math.pow(0.9f, t));
          return -alpha * state[0] / (Math.sqrt(state[1]) + 1e-7);
        });
  }

  @Test
  void gradientDescentFollowsKerassFormula() {
    check(Sgd.of(0.1), g -> -0.1 * g);
  }

  @Test
  void momentumFollowsKerassFormula() {
    double[] s = new double[1];
    check(Sgd.of(0.05, 0.8), g -> s[0] = 0.8 * s[0] - 0.05 * g);
  }

  @Test
  void nesterovFollowsKerassFormula() {
    double[] s = new double[1];
    check(
        Sgd.of(0.05, 0.8).withNesterov(),
        g -> {
          s[0] = 0.8 * s[0] - 0.05 * g;
          return 0.8 * s[0] - 0.05 * g;
        });
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> Adam.of(0)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> Adam.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(
            () -> new Adam(new ConstantLearningRate(0.1), 1, 0.999, 1e-7, GradientClipping.none()))
        .hasMessageContaining("beta1");
    assertThatThrownBy(() -> Sgd.of(0.1, 1)).hasMessageContaining("momentum");
  }
}
