package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The emulated device beside the CPU: the same model on the same data, updates of each compared.
 */
final class TwoBackends {
  private static final int EPOCHS = 2;

  private TwoBackends() {}

  /**
   * What a fit leaves.
   *
   * @param reported losses and metrics, in training and after it
   * @param arrays gradients of the last batch, weights, the optimizer's arrays, outputs
   */
  private record Outcome(List<Double> reported, List<float[]> arrays) {}

  /**
   * Trains on both and compares; on the device twice, which has to give the same bits.
   *
   * @param batch the samples of a batch
   * @param tolerance how far what is left may be apart, in parts of the largest of its array
   */
  static void agree(ModelSpec spec, Dataset data, int batch, double tolerance) {
    assertThat(new CudaBackend().refusal(spec)).isNull();
    Outcome expected = fit(Backends.named("cpu"), spec, data, batch);
    Outcome found = fit(new CudaBackend(), spec, data, batch);
    for (int i = 0; i < expected.reported().size(); i++) {
      double wanted = expected.reported().get(i);
      assertThat(found.reported().get(i))
          .as("reported value " + i)
          .isCloseTo(wanted, offset(tolerance * Math.max(1, Math.abs(wanted))));
    }
    for (int i = 0; i < expected.arrays().size(); i++) {
      float[] wanted = expected.arrays().get(i);
      double[] precise = IntStream.range(0, wanted.length).mapToDouble(j -> wanted[j]).toArray();
      Floats.assertClose("array " + i, found.arrays().get(i), precise, tolerance);
    }
    Outcome again = fit(new CudaBackend(), spec, data, batch);
    assertThat(again.reported()).isEqualTo(found.reported());
    for (int i = 0; i < found.arrays().size(); i++) {
      assertThat(again.arrays().get(i)).isEqualTo(found.arrays().get(i));
    }
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
  }

  private static Outcome fit(Backend backend, ModelSpec spec, Dataset data, int batch) {
    Random random = new Random(1);
    List<float[]> start = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      start.add(start(random, parameter));
    }
    List<Double> reported = new ArrayList<>();
    List<float[]> arrays = new ArrayList<>();
    try (Plan plan = backend.compile(spec, new PlanOptions(batch, 1, 7))) {
      plan.load(Parameters.initial(start));
      plan.bind(data);
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        plan.beginEpoch(IntStream.range(0, data.size()).toArray(), batch);
        Totals totals = new Totals(spec);
        plan.step(Math.ceilDiv(data.size(), batch), totals);
        report(totals, reported);
      }
      Totals totals = new Totals(spec);
      plan.evaluate(data, batch, totals);
      report(totals, reported);
      arrays.addAll(plan.gradients());
      Parameters left = plan.snapshot();
      arrays.addAll(left.values());
      left.slots().forEach(slot -> arrays.addAll(slot.values()));
      float[] outputs = new float[data.size() * SampleSizes.of(spec).output()];
      plan.predict(data, batch, outputs);
      arrays.add(outputs);
    }
    return new Outcome(reported, arrays);
  }

  private static float[] start(Random random, ParameterSpec parameter) {
    Shape shape = parameter.shape();
    double scale = shape.rank() == 0 ? 1 : 1 / Math.sqrt(shape.size(0)); // states do not grow
    float[] values = Floats.of(Configurations.randoms(random, shape.elementCount(), scale));
    for (int i = 0; parameter.name().endsWith("variance") && i < values.length; i++) {
      values[i] = 0.5f + Math.abs(values[i]);
    }
    return values;
  }

  private static void report(Totals totals, List<Double> reported) {
    reported.add(totals.meanLoss());
    for (Metric metric : totals.metrics()) {
      reported.add(totals.value(metric));
    }
  }
}
