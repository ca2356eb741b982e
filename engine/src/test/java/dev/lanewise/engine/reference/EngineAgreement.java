package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

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
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A graph on the CPU against the reference in double: outputs of plan and predictor, the loss, and
 * all gradients; and the same bits whatever the threads.
 */
final class EngineAgreement {
  private final GraphConfigurations c;
  private final double tolerance;
  private final Random random;
  private final ModelSpec spec;
  private final Parameters parameters;
  private final ReferenceModel reference;

  /**
   * Takes a graph with weights of a seed.
   *
   * @param tolerance how far arrays may be apart, in parts of their largest value
   */
  EngineAgreement(GraphConfigurations c, long seed, double tolerance) {
    this.c = c;
    this.tolerance = tolerance;
    random = new Random(seed);
    spec = new ModelSpec(c.graph(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    List<double[]> weights = c.weights(random);
    parameters = Parameters.initial(weights.stream().map(Floats::of).toList());
    reference = new ReferenceModel(c.graph(), weights);
  }

  /** Asserts it of the next samples that are drawn. */
  void assertAgree(int samples) {
    double[] x = Configurations.randoms(random, samples * c.inputSize(), 1);
    double[] t = Configurations.randoms(random, samples * c.outputSize(), 1);
    reference.rest();
    double[] y = reference.forward(x);
    try (Predictor predictor = new CpuBackend().predictor(spec, parameters, 2)) {
      float[] outputs = new float[t.length];
      predictor.predict(Floats.of(x), outputs);
      Floats.assertClose(c + ": answers", outputs, y, tolerance);
    }
    reference.train(0, 1);
    double[] trained = reference.forward(x);
    double[] upstream = new double[t.length];
    double loss = 0;
    for (int i = 0; i < t.length; i++) {
      loss += (trained[i] - t[i]) * (trained[i] - t[i]) / t.length;
      upstream[i] = 2 * (trained[i] - t[i]) / t.length;
    }
    List<double[]> expected = reference.backward(upstream, samples).weights();
    List<float[]> once = gradients(1, x, t, y, loss);
    for (int i = 0; i < once.size(); i++) {
      Floats.assertClose(c + ": gradient " + i, once.get(i), expected.get(i), tolerance);
    }
    List<float[]> found = gradients(3, x, t, y, loss);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as("%s: gradient %d", c, i).isEqualTo(once.get(i));
    }
  }

  /** Asserts outputs and loss of a plan, and returns its gradients. */
  private List<float[]> gradients(int threads, double[] x, double[] t, double[] y, double loss) {
    int samples = x.length / Math.toIntExact(c.inputSize());
    Dataset data =
        Dataset.of(
            c.graph().inputs().stream().map(Graph.Input::shape).toList(),
            Floats.of(x),
            Floats.of(t),
            Math.toIntExact(c.outputSize()));
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(samples, threads))) {
      plan.load(parameters);
      float[] outputs = new float[t.length];
      plan.predict(data, samples, outputs);
      Floats.assertClose(c + ": outputs", outputs, y, tolerance);
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
      Totals totals = new Totals();
      plan.step(1, totals);
      assertThat(totals.meanLoss())
          .as("%s: loss", c)
          .isCloseTo(loss, offset(tolerance * Math.max(1, loss)));
      return plan.gradients();
    }
  }
}
