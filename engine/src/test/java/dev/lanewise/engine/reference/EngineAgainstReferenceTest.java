package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.GoldenLayer;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine in float32 against the reference in double: outputs, losses, gradients, for batches
 * that fill their shards, leave the last one short, or are smaller than the plan.
 *
 * <p>An element is a chain of k sums, each rounded once to within u = 2^-24 of what it has reached;
 * with errors of either sign they add up to about sqrt(k) u of the largest element of its array,
 * and only seldom to three times that. The longest chain is a weight's gradient: 64 samples x 9
 * steps, after at most 2 x 9 products of at most 51 terms forward and as many back: k below 2,500.
 */
class EngineAgainstReferenceTest {
  private static final double TOLERANCE = Math.sqrt(2_500) * 0x1p-24;
  private static final int PLAN_BATCH = 64;

  static java.util.stream.Stream<Configurations> configurations() {
    return Configurations.all();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void outputsLossesAndGradientsAgree(Configurations c) {
    ModelSpec spec = new ModelSpec(c.input(), c.stack(), c.loss(), Sgd.of(0.1));
    Random random = new Random(11);
    List<double[]> weights = c.weights(random);
    ReferenceModel reference = new ReferenceModel(c.input(), c.stack(), weights);
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(PLAN_BATCH, 2))) {
      for (int samples : new int[] {1, 7, 26, 51, 64}) {
        double[] x = Configurations.randoms(random, samples * c.input().elementCount(), 1);
        double[] t = targets(c, random, samples);
        plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
        check(plan, reference, c, x, t, samples);
      }
    }
  }

  private static double[] targets(Configurations c, Random random, int samples) {
    int width = c.output().size(-1);
    double[] t = new double[(int) (samples * c.output().elementCount())];
    if (c.loss() == Loss.MEAN_SQUARED_ERROR) {
      return Configurations.randoms(random, t.length, 1);
    }
    for (int row = 0; row < t.length / width; row++) {
      t[row * width + random.nextInt(width)] += 0.625; // exact in float32, and their sum is 1
      t[row * width + random.nextInt(width)] += 0.375;
    }
    return t;
  }

  private static void check(
      Plan plan, ReferenceModel reference, Configurations c, double[] x, double[] t, int samples) {
    int each = (int) c.output().elementCount();
    Dataset data = Dataset.of(c.input(), Floats.of(x), Floats.of(t), each);
    double[] y = reference.forward(x);
    float[] outputs = new float[samples * each];
    plan.predict(data, PLAN_BATCH, outputs);
    Floats.assertClose("outputs of " + samples, outputs, y, TOLERANCE);

    boolean clip = c.stack().getLast().activation() != Activation.SOFTMAX;
    ReferenceLoss loss = ReferenceLoss.of(c.loss(), y, t, c.output().size(-1), clip);
    Totals totals = new Totals();
    plan.bind(data);
    plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
    plan.step(1, totals);
    assertThat(totals.meanLoss()).isCloseTo(loss.value(), within(loss.value()));
    ReferenceModel.Gradients gradients = reference.backward(loss.gradient(), c.output(), samples);
    for (int i = 0; i < gradients.weights().size(); i++) {
      String name = "gradient " + i + " of " + samples;
      Floats.assertClose(name, plan.gradients().get(i), gradients.weights().get(i), TOLERANCE);
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double value) {
    return org.assertj.core.data.Offset.offset(TOLERANCE * Math.max(1, Math.abs(value)));
  }

  /** With squared error and targets y - upstream * n * units / 2 the gradient by y is upstream. */
  @ParameterizedTest
  @EnumSource
  void gradientsOfKerasLayersAgree(GoldenLayer golden) {
    ModelSpec spec =
        new ModelSpec(golden.input(), golden.stack(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    double[] y = golden.array("y").values();
    double[] upstream = golden.array("upstream").values();
    int samples = golden.array("x").shape()[0];
    double[] t = new double[y.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = y[i] - upstream[i] * y.length / 2;
    }
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(samples, 1))) {
      plan.load(Parameters.initial(golden.arrays("weight_").stream().map(Npy::floats).toList()));
      plan.bind(
          Dataset.of(golden.input(), golden.array("x").floats(), Floats.of(t), y.length / samples));
      plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
      plan.step(1, new Totals());
      List<Npy> expected = golden.arrays("grad_weight_");
      for (int i = 0; i < expected.size(); i++) {
        Floats.assertClose(
            "weight " + i, plan.gradients().get(i), expected.get(i).values(), TOLERANCE);
      }
    }
  }
}
