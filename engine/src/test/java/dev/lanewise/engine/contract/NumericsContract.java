package dev.lanewise.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.GoldenLayer;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.reference.ReferenceLoss;
import dev.lanewise.engine.reference.ReferenceModel;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend computes, in float32, against the reference in double: outputs, losses,
 * gradients and updates, for batches that fill their shards, leave the last one short, or are
 * smaller than the plan.
 *
 * <p>An element is a chain of k sums, each rounded once to within u = 2^-24 of what it has reached;
 * with errors of either sign they add up to about sqrt(k) u of the largest element of its array,
 * and only seldom to three times that. The longest chain is a weight's gradient: 64 samples x 9
 * steps, after at most 2 x 9 products of at most 51 terms forward and as many back, and ten more a
 * step between the products of a gated cell: k below 3,000.
 */
public abstract class NumericsContract {
  private static final double TOLERANCE = Math.sqrt(3_000) * 0x1p-24;

  /** Returns the backend under test. */
  protected abstract Backend backend();

  /**
   * Returns the batches to try, the largest last, which is the plan's: edges of the CPU's shards.
   */
  protected int[] batches() {
    return new int[] {1, 7, 26, 51, 64};
  }

  static Stream<Configurations> configurations() {
    return Configurations.all();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void outputsLossesAndGradientsAgree(Configurations c) {
    ModelSpec spec =
        new ModelSpec(c.input(), c.stack(), c.loss(), Sgd.of(0.1)).withMetrics(metrics(c));
    String refusal = backend().refusal(spec);
    assumeTrue(refusal == null, refusal); // of the CPU's, each backend has what it has kernels for
    Random random = new Random(11);
    List<double[]> weights = c.weights(random);
    ReferenceModel reference = new ReferenceModel(c.input(), c.stack(), weights);
    int[] batches = batches();
    PlanOptions options = new PlanOptions(batches[batches.length - 1], 2);
    try (Plan plan = backend().compile(spec, options)) {
      for (int samples : batches) {
        double[] x = c.inputs(random, samples);
        double[] t = targets(c, random, samples);
        plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
        check(plan, reference, c, x, t, samples);
      }
    }
  }

  /** The accuracy of a single output is no share of samples where targets are values. */
  private static List<Metric> metrics(Configurations c) {
    return c.output().size(-1) == 1
        ? List.of(Metric.MEAN_ABSOLUTE_ERROR)
        : List.of(Metric.ACCURACY, Metric.MEAN_ABSOLUTE_ERROR);
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
    float[] outputs = new float[samples * each];
    plan.predict(data, samples, outputs);
    Floats.assertClose("outputs of " + samples, outputs, reference.forward(x), TOLERANCE);

    reference.train(0, plan.snapshot().iterations() + 1);
    double[] y = reference.forward(x);
    reference.rest();

    boolean clip = c.stack().getLast().outputActivation() != Activation.SOFTMAX;
    int width = c.output().size(-1);
    boolean[] mask = reference.mask() == null ? all(y.length / width) : reference.mask();
    double[] ones = Arrays.stream(t).map(any -> 1).toArray();
    ReferenceLoss loss = ReferenceLoss.masked(c.loss(), y, t, width, clip, ones, mask);
    Totals totals = new Totals(metrics(c));
    plan.bind(data);
    plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
    plan.step(1, totals);
    assertThat(totals.meanLoss()).isCloseTo(loss.value(), within(loss.value()));
    double absoluteError = absoluteError(y, t, width, mask);
    assertThat(totals.value(Metric.MEAN_ABSOLUTE_ERROR))
        .isCloseTo(absoluteError, within(absoluteError));
    if (totals.metrics().contains(Metric.ACCURACY)) {
      assertThat(totals.value(Metric.ACCURACY)).isCloseTo(accuracy(y, t, width, mask), within(1));
    }
    assertThat(totals.samples()).isEqualTo(samples);
    ReferenceModel.Gradients gradients = reference.backward(loss.gradient(), c.output(), samples);
    for (int i = 0; i < gradients.weights().size(); i++) {
      String name = "gradient " + i + " of " + samples;
      Floats.assertClose(name, plan.gradients().get(i), gradients.weights().get(i), TOLERANCE);
    }
  }

  private static boolean[] all(int rows) {
    boolean[] all = new boolean[rows];
    Arrays.fill(all, true);
    return all;
  }

  private static double absoluteError(double[] y, double[] t, int width, boolean[] mask) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < y.length; i++) {
      sum += mask[i / width] ? Math.abs(y[i] - t[i]) : 0;
      count += mask[i / width] ? 1 : 0;
    }
    return count == 0 ? 0 : sum / count;
  }

  /** Rows whose largest output is at the largest target. */
  private static double accuracy(double[] y, double[] t, int width, boolean[] mask) {
    int correct = 0;
    int count = 0;
    for (int row = 0; row < mask.length; row++) {
      boolean same = largest(y, row * width, width) == largest(t, row * width, width);
      correct += mask[row] && same ? 1 : 0;
      count += mask[row] ? 1 : 0;
    }
    return count == 0 ? 0 : correct / (double) count;
  }

  private static int largest(double[] values, int from, int width) {
    int best = from;
    for (int i = from + 1; i < from + width; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static Offset<Double> within(double value) {
    return Offset.offset(TOLERANCE * Math.max(1, Math.abs(value)));
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
    try (Plan plan = backend().compile(spec, new PlanOptions(samples, 1))) {
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

  /**
   * Gradients are linear in an update of plain descent: N updates err N times as much. The
   * reference takes the same batches in double.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 20, 97, 150})
  void parametersAfterStepsAgree(int units) {
    int batch = 5;
    int updates = 3;
    Shape input = Shape.of(6, 4);
    List<Layer> stack = List.of(SimpleRnn.of(units), Dense.of(3, Activation.SOFTMAX));
    Configurations c = new Configurations("", input, stack, Loss.CATEGORICAL_CROSSENTROPY);
    Random random = new Random(units);
    double scale = Math.min(1, 3 / Math.sqrt(units));
    List<double[]> weights =
        c.weights(random).stream()
            .map(w -> Arrays.stream(w).map(v -> (float) (v * scale)).toArray())
            .toList();
    List<float[]> start = weights.stream().map(Floats::of).toList();
    double[] x = Configurations.randoms(random, (long) batch * updates * 24, 1);
    double[] t = targets(c, random, batch * updates);
    ModelSpec spec = new ModelSpec(input, stack, c.loss(), Sgd.of(0.1));
    try (Plan plan = backend().compile(spec, new PlanOptions(batch, 2))) {
      plan.load(Parameters.initial(start));
      plan.bind(Dataset.of(input, Floats.of(x), Floats.of(t), 3));
      plan.beginEpoch(IntStream.range(0, batch * updates).toArray(), batch);
      plan.step(updates, new Totals());
      for (int i = 0; i < updates; i++) {
        descend(c, weights, part(x, i, updates), part(t, i, updates));
      }
      List<float[]> found = plan.snapshot().values();
      for (int i = 0; i < weights.size(); i++) {
        Floats.assertClose("parameter " + i, found.get(i), weights.get(i), updates * TOLERANCE);
      }
    }
  }

  private static double[] part(double[] all, int index, int parts) {
    int each = all.length / parts;
    return Arrays.copyOfRange(all, index * each, (index + 1) * each);
  }

  private static void descend(Configurations c, List<double[]> weights, double[] x, double[] t) {
    ReferenceModel model = new ReferenceModel(c.input(), c.stack(), weights);
    double[] y = model.forward(x);
    ReferenceLoss loss = ReferenceLoss.of(c.loss(), y, t, 3, false);
    int samples = t.length / 3;
    ReferenceModel.Gradients gradients = model.backward(loss.gradient(), c.output(), samples);
    for (int i = 0; i < weights.size(); i++) {
      for (int j = 0; j < weights.get(i).length; j++) {
        weights.get(i)[j] -= 0.1 * gradients.weights().get(i)[j];
      }
    }
  }

  // One weight w with loss (w x - t)^2, stepped by the backend and by the formulas in double.
  private static final float X = 0.7f;
  private static final float T = 2;
  private static final float START = 0.3f;
  private static final int STEPS = 20;

  private void follows(Optimizer optimizer, DoubleUnaryOperator stepOfGradient) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(1), List.of(Dense.of(1).withoutBias()), Loss.MEAN_SQUARED_ERROR, optimizer);
    double w = START;
    try (Plan plan = backend().compile(spec, new PlanOptions(1, 1))) {
      plan.load(Parameters.initial(List.of(new float[] {START})));
      plan.bind(Dataset.of(Shape.of(1), new float[] {X}, new float[] {T}, 1));
      for (int i = 0; i < STEPS; i++) {
        plan.beginEpoch(new int[] {0}, 1);
        plan.step(1, new Totals());
        w += stepOfGradient.applyAsDouble(2 * (w * X - T) * X);
        // Each step rounds a few times to float32.
        assertThat(Math.abs(plan.snapshot().values().get(0)[0] / w - 1))
            .as("step " + i)
            .isLessThan(1e-6 * (i + 1));
      }
    }
  }

  @Test
  void adamFollowsKerassFormula() {
    double[] state = new double[3];
    follows(
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
    follows(Sgd.of(0.1), g -> -0.1 * g);
  }

  @Test
  void momentumFollowsKerassFormula() {
    double[] s = new double[1];
    follows(Sgd.of(0.05, 0.8), g -> s[0] = 0.8 * s[0] - 0.05 * g);
  }

  @Test
  void nesterovFollowsKerassFormula() {
    double[] s = new double[1];
    follows(
        Sgd.of(0.05, 0.8).withNesterov(),
        g -> {
          s[0] = 0.8 * s[0] - 0.05 * g;
          return 0.8 * s[0] - 0.05 * g;
        });
  }

  @ParameterizedTest
  @EnumSource
  void clippedGradientsFollowKerassRules(GradientClipping.Kind kind) {
    Configurations c =
        configurations().filter(each -> each.name().equals("classifier")).findAny().orElseThrow();
    Random random = new Random(3);
    List<float[]> weights = c.weights(random).stream().map(Floats::of).toList();
    double[] x = Configurations.randoms(random, 9 * c.input().elementCount(), 1);
    Dataset data = Dataset.of(c.input(), Floats.of(x), Floats.of(targets(c, random, 9)), 5);
    List<float[]> plain = gradients(c, weights, data, GradientClipping.none());
    double limit = 0.02; // below every norm, among the values
    GradientClipping rule =
        kind == GradientClipping.Kind.NONE
            ? GradientClipping.none()
            : new GradientClipping(kind, limit);
    List<float[]> found = gradients(c, weights, data, rule);
    double all = plain.stream().mapToDouble(NumericsContract::squares).sum();
    for (int i = 0; i < plain.size(); i++) {
      double norm = Math.sqrt(kind == GradientClipping.Kind.NORM ? squares(plain.get(i)) : all);
      double[] expected = new double[plain.get(i).length];
      for (int j = 0; j < expected.length; j++) {
        double g = plain.get(i)[j];
        expected[j] =
            switch (kind) {
              case NONE -> g;
              case VALUE -> Math.clamp(g, -limit, limit);
              case NORM, GLOBAL_NORM -> g * limit / Math.max(norm, limit);
            };
      }
      Floats.assertClose("gradient " + i, found.get(i), expected, TOLERANCE);
    }
  }

  private static double squares(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  private List<float[]> gradients(
      Configurations c, List<float[]> weights, Dataset data, GradientClipping clipping) {
    ModelSpec spec =
        new ModelSpec(c.input(), c.stack(), c.loss(), Sgd.of(0.1).withClipping(clipping));
    try (Plan plan = backend().compile(spec, new PlanOptions(data.size(), 2))) {
      plan.load(Parameters.initial(weights));
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, data.size()).toArray(), data.size());
      plan.step(1, new Totals());
      return plan.gradients();
    }
  }
}
