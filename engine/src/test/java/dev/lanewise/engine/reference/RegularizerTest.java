package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Penalties on weights: in the loss, in gradients before they are limited, on every parameter. */
class RegularizerTest {
  private static final Shape INPUT = Shape.of(3, 4);
  private static final int SAMPLES = 29; // two shards, the second not full
  private static final double STEP = 1e-6;

  private static final List<Layer> STACK =
      List.of(
          SimpleRnn.of(17)
              .withRegularizers(
                  new Regularizers(
                      new Regularizer(0.02, 0.03), Regularizer.l2(0.05), Regularizer.l1(0.07))),
          Dense.of(3).withRegularizers(Regularizers.NONE.withBias(Regularizer.l2(0.04))));

  private final Configurations c = new Configurations("", INPUT, STACK, Loss.MEAN_SQUARED_ERROR);
  private final Random random = new Random(5);
  private final List<double[]> weights = c.weights(random);
  private final double[] x = Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1);
  private final double[] t = Configurations.randoms(random, SAMPLES * 3L, 1);
  private final Dataset data = Dataset.of(INPUT, Floats.of(x), Floats.of(t), 3);

  private static ModelSpec spec(Optimizer optimizer) {
    return new ModelSpec(INPUT, STACK, Loss.MEAN_SQUARED_ERROR, optimizer);
  }

  private double loss(int samples) {
    ReferenceModel reference = new ReferenceModel(INPUT, STACK, weights);
    double[] y = reference.forward(java.util.Arrays.copyOf(x, samples * 12));
    return ReferenceLoss.of(c.loss(), y, java.util.Arrays.copyOf(t, samples * 3), 3, false).value()
        + penalty();
  }

  private double penalty() {
    List<ParameterSpec> specs = spec(Sgd.of(1)).parameters();
    double penalty = 0;
    for (int i = 0; i < weights.size(); i++) {
      for (double w : weights.get(i)) {
        Regularizer rule = specs.get(i).regularizer();
        penalty += rule.l1() * Math.abs(w) + rule.l2() * w * w;
      }
    }
    return penalty;
  }

  private Plan plan(Optimizer optimizer, int threads) {
    Plan plan = new CpuBackend().compile(spec(optimizer), new PlanOptions(SAMPLES, threads));
    plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
    plan.bind(data);
    plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), SAMPLES);
    return plan;
  }

  @Test
  void lossAndGradientsHaveThePenaltysPart() {
    try (Plan plan = plan(Sgd.of(0.1), 2)) {
      Totals totals = new Totals();
      plan.step(1, totals);
      assertThat(totals.meanLoss()).isCloseTo(loss(SAMPLES), within(1e-6));
      assertThat(totals.samples()).isEqualTo(SAMPLES);
      List<float[]> gradients = plan.gradients();
      for (int i = 0; i < weights.size(); i++) {
        double[] varied = weights.get(i);
        for (int k = 0; k < varied.length; k++) {
          double kept = varied[k];
          varied[k] = kept + STEP;
          double above = loss(SAMPLES);
          varied[k] = kept - STEP;
          double below = loss(SAMPLES);
          varied[k] = kept;
          assertThat((double) gradients.get(i)[k])
              .as("parameter %d, index %d", i, k)
              .isCloseTo((above - below) / (2 * STEP), within(2e-6));
        }
      }
    }
  }

  /** It is that of the weights as they are, whatever the batches are. */
  @Test
  void evaluationHasThePenaltyOnce() {
    try (Plan plan = plan(Sgd.of(0.1), 1)) {
      for (int batch : new int[] {7, SAMPLES}) {
        Totals totals = new Totals();
        plan.evaluate(data, batch, totals);
        assertThat(totals.meanLoss()).isCloseTo(loss(SAMPLES), within(1e-6));
      }
    }
  }

  @Test
  void whatIsLimitedIsTheWholeGradient() {
    Optimizer limited = Sgd.of(1).withClipping(GradientClipping.globalNorm(0.01));
    try (Plan plan = plan(limited, 2)) {
      plan.step(1, new Totals());
      double moved = 0;
      for (int i = 0; i < weights.size(); i++) {
        float[] after = plan.snapshot().values().get(i);
        for (int k = 0; k < after.length; k++) {
          moved += Math.pow(after[k] - weights.get(i)[k], 2);
        }
      }
      assertThat(Math.sqrt(moved)).isCloseTo(0.01, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void bitsDoNotDependOnThreads(int threads) {
    try (Plan one = plan(Sgd.of(0.1, 0.9), 1);
        Plan many = plan(Sgd.of(0.1, 0.9), threads)) {
      Totals first = new Totals();
      Totals second = new Totals();
      one.step(1, first);
      many.step(1, second);
      assertThat(second.toArray()).containsExactly(first.toArray());
      for (int i = 0; i < weights.size(); i++) {
        assertThat(many.snapshot().values().get(i)).containsExactly(one.snapshot().values().get(i));
      }
    }
  }

  @Test
  void badWeightsAreRefused() {
    assertThatThrownBy(() -> Regularizer.l2(-1))
        .hasMessageContaining("l2")
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> Regularizer.l1(Double.NaN)).hasMessageContaining("NaN");
  }
}
