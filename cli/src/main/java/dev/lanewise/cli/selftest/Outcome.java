package dev.lanewise.cli.selftest;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a few batches of training gave. */
final class Outcome {
  private final double[] totals;
  private final List<float[]> weights;
  private final float[] outputs;

  private Outcome(double[] totals, List<float[]> weights, float[] outputs) {
    this.totals = totals;
    this.weights = weights;
    this.outputs = outputs;
  }

  static Outcome of(TestCase test, Backend backend) {
    Dataset data = test.data();
    int samples = data.size();
    try (Plan plan =
        backend.compile(
            test.spec(),
            new PlanOptions(test.batch(), Runtime.getRuntime().availableProcessors()))) {
      plan.load(test.start());
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), test.batch());
      Totals totals = new Totals();
      plan.step(Math.ceilDiv(samples, test.batch()), totals);
      float[] outputs = new float[Math.toIntExact(samples * test.spec().output().elementCount())];
      plan.predict(data, test.batch(), outputs);
      Parameters after = plan.snapshot();
      return new Outcome(totals.toArray(), after.values(), outputs);
    }
  }

  boolean sameBits(Outcome other) {
    boolean same = Arrays.equals(totals, other.totals) && Arrays.equals(outputs, other.outputs);
    for (int i = 0; i < weights.size(); i++) {
      same &= Arrays.equals(weights.get(i), other.weights.get(i));
    }
    return same;
  }

  /** Returns the relative difference of the mean loss. */
  double lossError(Outcome expected) {
    return Math.abs(totals[0] - expected.totals[0]) / Math.abs(expected.totals[0]);
  }

  /** Returns the norm of the weights' difference over the weights' norm. */
  double weightError(Outcome expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < weights.size(); i++) {
      float[] mine = weights.get(i);
      float[] other = expected.weights.get(i);
      for (int j = 0; j < mine.length; j++) {
        difference += Math.pow((double) mine[j] - other[j], 2);
        size += Math.pow(other[j], 2);
      }
    }
    return Math.sqrt(difference / size);
  }

  /** Returns the largest difference of an output. */
  double outputError(Outcome expected) {
    double most = 0;
    for (int i = 0; i < outputs.length; i++) {
      most = Math.max(most, Math.abs((double) outputs[i] - expected.outputs[i]));
    }
    return most;
  }
}
