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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs that are no chains against the reference in double: outputs of plan and predictor, the
 * loss, and all gradients; and the same bits whatever the threads.
 */
class EngineGraphTest {
  /** As in the contract of all backends; the chains here are shorter. */
  private static final double TOLERANCE = Math.sqrt(3_000) * 0x1p-24;

  static Stream<GraphConfigurations> graphs() {
    return GraphConfigurations.all();
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void outputsLossesAndGradientsAgree(GraphConfigurations c) {
    ModelSpec spec = new ModelSpec(c.graph(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    Random random = new Random(17);
    List<double[]> weights = c.weights(random);
    Parameters parameters = Parameters.initial(weights.stream().map(Floats::of).toList());
    ReferenceModel reference = new ReferenceModel(c.graph(), weights);
    for (int samples : new int[] {1, 53}) {
      double[] x = Configurations.randoms(random, samples * c.inputSize(), 1);
      double[] t = Configurations.randoms(random, samples * c.outputSize(), 1);
      Dataset data =
          Dataset.of(
              c.graph().inputs().stream().map(Graph.Input::shape).toList(),
              Floats.of(x),
              Floats.of(t),
              (int) c.outputSize());
      reference.rest();
      double[] y = reference.forward(x);
      try (Predictor predictor = new CpuBackend().predictor(spec, parameters, 2)) {
        float[] outputs = new float[t.length];
        predictor.predict(Floats.of(x), outputs);
        Floats.assertClose("answers", outputs, y, TOLERANCE);
      }
      reference.train(0, 1);
      double[] trained = reference.forward(x);
      int[] order = IntStream.range(0, samples).toArray();
      List<float[]> once = List.of();
      for (int threads : new int[] {1, 3}) {
        try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(samples, threads))) {
          plan.load(parameters);
          float[] outputs = new float[t.length];
          plan.predict(data, samples, outputs);
          Floats.assertClose("outputs", outputs, y, TOLERANCE);
          plan.bind(data);
          plan.beginEpoch(order, samples);
          Totals totals = new Totals();
          plan.step(1, totals);
          double[] upstream = new double[t.length];
          double loss = 0;
          for (int i = 0; i < t.length; i++) {
            loss += (trained[i] - t[i]) * (trained[i] - t[i]) / t.length;
            upstream[i] = 2 * (trained[i] - t[i]) / t.length;
          }
          assertThat(totals.meanLoss()).isCloseTo(loss, offset(TOLERANCE * Math.max(1, loss)));
          List<double[]> expected = reference.backward(upstream, samples).weights();
          List<float[]> found = plan.gradients();
          for (int i = 0; i < found.size(); i++) {
            Floats.assertClose("gradient " + i, found.get(i), expected.get(i), TOLERANCE);
          }
          once = once.isEmpty() ? found : once;
          for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as("gradient " + i).isEqualTo(once.get(i));
          }
        }
      }
    }
  }
}
