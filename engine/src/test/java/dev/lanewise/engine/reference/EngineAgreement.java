package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A graph on the CPU against the reference in double: outputs of plan and predictor, the loss, and
 * all gradients; and the same bits whatever the threads.
 */
final class EngineAgreement {
  /** Of what roundings of weights and inputs alone do: there are those of all results beside. */
  private static final double ROUNDINGS = 5;

  private final GraphConfigurations c;
  private final double tolerance;
  private final Random random;
  private final ModelSpec spec;
  private final List<double[]> weights;
  private final Parameters parameters;
  private double worst;
  private boolean ill;

  /**
   * Takes a graph with weights of a seed.
   *
   * @param tolerance how far arrays may be apart, in parts of their largest value, where roundings
   *     of weights and inputs do not move them as far
   */
  EngineAgreement(GraphConfigurations c, long seed, double tolerance) {
    this.c = c;
    this.tolerance = tolerance;
    random = new Random(seed);
    spec = new ModelSpec(c.graph(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    weights = c.weights(random);
    parameters = Parameters.initial(weights.stream().map(Floats::of).toList());
  }

  /** Returns the largest part of what it might that an array has been apart. */
  double worst() {
    return worst;
  }

  /** Returns whether an array was farther apart than the tolerance, as roundings move it so far. */
  boolean isIllConditioned() {
    return ill;
  }

  /** Samples and their targets. */
  private record Samples(int count, double[] x, double[] t) {}

  /** Asserts it of the next samples that are drawn. */
  void assertAgree(int samples) {
    Samples drawn =
        new Samples(
            samples,
            Configurations.randoms(random, samples * c.inputSize(), 1),
            Configurations.randoms(random, samples * c.outputSize(), 1));
    Expected expected = new Expected(drawn);
    try (Predictor predictor = new CpuBackend().predictor(spec, parameters, 2)) {
      float[] outputs = new float[drawn.t.length];
      predictor.predict(Floats.of(drawn.x), outputs);
      expected.assertClose(0, "answers", outputs);
    }
    List<float[]> once = gradients(1, drawn, expected);
    for (int i = 0; i < once.size(); i++) {
      expected.assertClose(2 + i, "gradient " + i, once.get(i));
    }
    List<float[]> found = gradients(3, drawn, expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as("%s: gradient %d", c, i).isEqualTo(once.get(i));
    }
  }

  /** Asserts outputs and loss of a plan, and returns its gradients. */
  private List<float[]> gradients(int threads, Samples samples, Expected expected) {
    Dataset data =
        Dataset.of(
            c.graph().inputs().stream().map(Graph.Input::shape).toList(),
            Floats.of(samples.x),
            Floats.of(samples.t),
            Math.toIntExact(c.outputSize()));
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(samples.count, threads))) {
      plan.load(parameters);
      float[] outputs = new float[samples.t.length];
      plan.predict(data, samples.count, outputs);
      expected.assertClose(0, "outputs", outputs);
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples.count).toArray(), samples.count);
      Totals totals = new Totals();
      plan.step(1, totals);
      expected.assertClose(1, "loss", (float) totals.meanLoss());
      return plan.gradients();
    }
  }

  /** What the reference says of samples: answers, the loss, gradients. */
  private final class Expected {
    private final Samples samples;
    private final List<double[]> arrays;
    private double @Nullable [] movement; // looked for where the tolerance is not enough

    Expected(Samples samples) {
      this.samples = samples;
      arrays = arrays(weights, samples.x);
    }

    private List<double[]> arrays(List<double[]> given, double[] x) {
      ReferenceModel reference = new ReferenceModel(c.graph(), given);
      List<double[]> all = new ArrayList<>();
      all.add(reference.forward(x));
      reference.train(0, 1);
      double[] y = reference.forward(x);
      double[] upstream = new double[y.length];
      double loss = 0;
      for (int i = 0; i < y.length; i++) {
        double apart = y[i] - samples.t[i];
        loss += apart * apart / y.length;
        upstream[i] = 2 * apart / y.length;
      }
      all.add(new double[] {loss});
      all.addAll(reference.backward(upstream, samples.count).weights());
      return all;
    }

    void assertClose(int array, String name, float... found) {
      double[] expected = arrays.get(array);
      assertThat(found).as(c + ": " + name).hasSameSizeAs(expected);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      double error =
          Movement.distance(
              IntStream.range(0, found.length).mapToDouble(i -> found[i]).toArray(), expected);
      double bound = tolerance * Math.max(1e-2, largest);
      if (!(error < bound)) {
        ill = true;
        double[] moved =
            movement == null ? Movement.of(this::arrays, weights, samples.x) : movement;
        movement = moved;
        bound = Math.max(bound, ROUNDINGS * moved[array]);
        assertThat(bound).as("%s: what %s is held to", c, name).isFinite(); // not no number at all
      }
      assertThat(error)
          .as("%s: %s of %d samples, whose largest value is %s", c, name, samples.count, largest)
          .isLessThan(bound);
      worst = Math.max(worst, error / bound);
    }
  }
}
