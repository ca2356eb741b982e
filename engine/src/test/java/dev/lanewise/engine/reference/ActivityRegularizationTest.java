package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Penalties on what layers give: in the loss of training and evaluation, and in gradients. */
class ActivityRegularizationTest {
  private static final Shape INPUT = Shape.of(5, 4);
  private static final int SAMPLES = 29; // two shards, the second not full
  private static final double STEP = 1e-6;
  private static final Regularizer BOTH = new Regularizer(0.02, 0.03);

  private static Graph stack() {
    return Graph.chain(
        INPUT,
        List.of(
            Lstm.of(17).returningSequences(),
            new ActivityRegularization(BOTH),
            Dense.of(3),
            new TimeDistributed(ActivityRegularization.l1(0.05))));
  }

  /** Those of masked steps are penalized, too: an LSTM repeats what it gave last, a GRU zeros. */
  private static Graph masked() {
    Recurrent gru = Gru.of(4).returningSequences();
    return Graph.chain(
        INPUT,
        List.of(
            Masking.ofZeros(),
            Lstm.of(5).returningSequences(),
            new ActivityRegularization(BOTH),
            gru.with(gru.options().withZeroOutputForMask(true)),
            ActivityRegularization.l2(0.05),
            Lstm.of(3)));
  }

  /** What is penalized is read by others as well, and one layer is called twice. */
  private static Graph branching() {
    ActivityRegularization shared = ActivityRegularization.l2(0.04);
    GraphBuilder g = new GraphBuilder();
    GraphBuilder.Value read = g.apply(Gru.of(4), g.input("x", INPUT));
    GraphBuilder.Shared twice = g.share(shared);
    GraphBuilder.Value first = twice.apply(read);
    GraphBuilder.Value second = twice.apply(g.apply(Dense.of(4), read));
    g.output(g.apply(Dense.of(2), g.apply(Pointwise.ADD, first, second, read)));
    return g.build();
  }

  static Stream<Graph> graphs() {
    return Stream.of(stack(), masked(), branching());
  }

  /** A model with samples, whose weights are varied. */
  private static final class Run {
    final Graph graph;
    final List<double[]> weights;
    final double[] x;
    final double[] t;

    Run(Graph graph) {
      this.graph = graph;
      Random random = new Random(5);
      weights =
          spec().parameters().stream()
              .map(p -> Configurations.randoms(random, p.shape().elementCount(), 0.5))
              .toList();
      x = Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1);
      for (int i = 0; i < SAMPLES; i++) { // every third sample ends early, some begin late
        int steps = i % 3 == 0 ? 2 : 0;
        Arrays.fill(x, i * 20 + 20 - 4 * steps, i * 20 + 20, 0);
        Arrays.fill(x, i * 20, i * 20 + (i % 5 == 0 ? 4 : 0), 0);
      }
      t = Configurations.randoms(random, SAMPLES * output().elementCount(), 1);
    }

    ModelSpec spec() {
      return new ModelSpec(graph, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    }

    Shape output() {
      return graph.shapes().get(graph.outputs().getFirst());
    }

    Dataset data() {
      return Dataset.of(INPUT, Floats.of(x), Floats.of(t), (int) output().elementCount());
    }

    double loss() {
      ReferenceModel reference = new ReferenceModel(graph, weights);
      double[] y = reference.forward(x);
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        sum += (y[i] - t[i]) * (y[i] - t[i]) / y.length;
      }
      assertThat(reference.penalty()).isPositive();
      return sum + reference.penalty();
    }

    Plan plan(int threads) {
      Plan plan = new CpuBackend().compile(spec(), new PlanOptions(SAMPLES, threads));
      plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
      plan.bind(data());
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), SAMPLES);
      return plan;
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void lossAndGradientsHaveThePenaltysPart(Graph graph) {
    Run run = new Run(graph);
    try (Plan plan = run.plan(2)) {
      Totals totals = new Totals();
      plan.step(1, totals);
      assertThat(totals.meanLoss()).isCloseTo(run.loss(), within(1e-6));
      List<float[]> gradients = plan.gradients();
      for (int i = 0; i < run.weights.size(); i++) {
        double[] varied = run.weights.get(i);
        for (int k = 0; k < varied.length; k += 7) {
          double kept = varied[k];
          varied[k] = kept + STEP;
          double above = run.loss();
          varied[k] = kept - STEP;
          double below = run.loss();
          varied[k] = kept;
          assertThat((double) gradients.get(i)[k])
              .as("parameter %d, index %d", i, k)
              .isCloseTo((above - below) / (2 * STEP), within(3e-6));
        }
      }
    }
  }

  /** A sample's is its own, whatever batch it is in. */
  @ParameterizedTest
  @MethodSource("graphs")
  void evaluationHasThePenalty(Graph graph) {
    Run run = new Run(graph);
    try (Plan plan = run.plan(1)) {
      for (int batch : new int[] {7, SAMPLES}) {
        Totals totals = new Totals();
        plan.evaluate(run.data(), batch, totals);
        assertThat(totals.meanLoss()).isCloseTo(run.loss(), within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void bitsDoNotDependOnThreads(Graph graph) {
    Run run = new Run(graph);
    try (Plan one = run.plan(1);
        Plan many = run.plan(3)) {
      Totals first = new Totals();
      Totals second = new Totals();
      one.step(1, first);
      many.step(1, second);
      assertThat(second.toArray()).containsExactly(first.toArray());
      assertThat(many.snapshot().values())
          .usingRecursiveComparison()
          .isEqualTo(one.snapshot().values());
    }
  }
}
