package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Constraints;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.Selection;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.ExponentialDecay;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PolynomialDecay;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A step takes no memory: neither on the heap, on any thread, nor off it. */
class StepMemoryTest {
  private static final int WINDOW = 100; // steps
  private static final int QUIET = 15; // windows in a row
  private static final int MOST = 300; // windows until every kernel is compiled

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource
  void stepsAllocateNothingAndTheLedgerStandsStill(RecurrentKind kind) {
    stepsAllocateNothing(() -> SmallRun.model(kind, 2), SmallRun.data(), List.of(Metric.ACCURACY));
  }

  @Test
  void windowsAllocateNothing() {
    stepsAllocateNothing(() -> SmallRun.windows(2), SmallRun.data(), List.of(Metric.ACCURACY));
  }

  @Test
  void metricsAndWeightsAllocateNothing() {
    float[] weights = new float[SmallRun.data().size()];
    Arrays.fill(weights, 0.5f);
    stepsAllocateNothing(
        () -> SmallRun.model(2),
        SmallRun.data().withSampleWeights(weights),
        List.of(
            Metric.ACCURACY,
            Metric.ACCURACY.byWeight().named("weighted"),
            Metric.TOP_K_CATEGORICAL_ACCURACY,
            Metric.BINARY_ACCURACY,
            Metric.MEAN_SQUARED_ERROR,
            Metric.ROOT_MEAN_SQUARED_ERROR,
            Metric.COSINE_SIMILARITY,
            Metric.PRECISION,
            Metric.RECALL,
            Metric.AUC,
            Metric.of(new R2Score(), "r2_score").byWeight(),
            Metric.of(FBetaScore.f1(FBetaScore.Average.MACRO, null), "f1_score"),
            Metric.of(new FBetaScore(FBetaScore.Average.MICRO, 2, 0.5), "fbeta_score"),
            Metric.of(
                new OperatingPoint(OperatingPoint.Trade.PRECISION_AT_RECALL, 0.5), "at_recall"),
            Metric.of(new PearsonCorrelation(), "pearson"),
            Metric.of(new ConcordanceCorrelation(), "concordance"),
            Metric.of(new Measure.Recall(0.5, new Selection(2, 1)), "recall_of_class"),
            Metric.of(IoU.ofAll(4), "mean_io_u")));
  }

  @Test
  void maskedStepsAllocateNothing() {
    stepsAllocateNothing(
        () -> SmallRun.maskedModel(RecurrentKind.LSTM_DROPPING, 2),
        SmallRun.paddedData(),
        List.of(Metric.ACCURACY, Metric.ROOT_MEAN_SQUARED_ERROR));
  }

  @Test
  void tokensAndMeetingsAllocateNothing() {
    float[] ids = new float[200 * 6];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 7 % 31 % 13;
    }
    Supplier<Model> model =
        () ->
            Model.sequential(
                    Shape.of(6),
                    Embedding.of(13, 9),
                    BatchNormalization.withDefaults(),
                    SimpleRnn.of(5),
                    Dense.of(3, Activation.SOFTMAX))
                .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
    stepsAllocateNothing(model, Dataset.of(Shape.of(6), ids, new int[200], 3), List.of());
  }

  /** Several inputs and readers, states, every kind of merge, and a layer that is called twice. */
  @Test
  void graphsAllocateNothing() {
    stepsAllocateNothing(() -> GraphRun.model(2), GraphRun.data(), List.of());
  }

  @Test
  void severalOutputsAllocateNothing() {
    Shape input = Shape.of(4, 3);
    List<Targets> targets =
        List.of(Targets.ofLabels(new int[200], 200, 3), Targets.of(new float[400], 200, 2));
    Supplier<Model> model =
        () ->
            Model.graph(
                    g -> {
                      var last = g.apply(SimpleRnn.of(5), g.input("x", input));
                      g.output(
                          g.apply(Dense.of(3, Activation.SOFTMAX), last),
                          g.apply(Dense.of(2), last));
                    })
                .compile(
                    Adam.of(0.01),
                    List.of(
                        OutputSpec.of("a", Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY),
                        OutputSpec.of("b", Loss.MEAN_SQUARED_ERROR).withWeight(0.5)));
    stepsAllocateNothing(
        model, Dataset.of(List.of(input), new float[200 * 12], targets), UnaryOperator.identity());
  }

  @Test
  void functionsOfElementsAllocateNothing() {
    Shape input = Shape.of(3);
    Supplier<Model> model =
        () ->
            Model.graph(
                    g -> {
                      var dense = g.apply(Dense.of(9), g.input("x", input));
                      var angles = g.apply(new Elements(Elements.Function.ABSOLUTE), dense);
                      var sum = angles;
                      for (Elements.Function function : Elements.Function.values()) {
                        sum = g.apply(Pointwise.ADD, sum, g.apply(new Elements(function), angles));
                      }
                      g.output(g.apply(Dense.of(3, Activation.SOFTMAX), sum));
                    })
                .compile(Sgd.of(1e-9), Loss.CATEGORICAL_CROSSENTROPY);
    float[] inputs = new float[200 * 3];
    Arrays.fill(inputs, 9);
    stepsAllocateNothing(model, Dataset.of(input, inputs, new int[200], 3), List.of());
  }

  /** Layers at each step of sequences of pictures, and windows over rows and columns. */
  @Test
  void picturesAllocateNothing() {
    stepsAllocateNothing(() -> PictureRun.model(2), PictureRun.data(), List.of());
  }

  @Test
  void rowsOfPicturesAllocateNothing() {
    stepsAllocateNothing(
        () -> SmallRun.rows(RecurrentKind.LSTM_DROPPING, 2), SmallRun.rowData(), List.of());
  }

  @Test
  void keptStatesAllocateNothing() {
    Supplier<Model> model =
        () ->
            Model.sequential(
                    Graph.Input.ofBatches(25, Shape.of(6, 9)),
                    Lstm.of(9).returningSequences().keepingState(),
                    Rnn.of(SimpleRnn.of(4), Gru.of(5)).keepingState(),
                    Dense.of(4, Activation.SOFTMAX))
                .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
    stepsAllocateNothing(model, SmallRun.data(), List.of());
  }

  @Test
  void constraintsAllocateNothing() {
    Supplier<Model> model =
        () ->
            Model.sequential(
                    Shape.of(6, 9),
                    Lstm.of(9)
                        .withConstraints(
                            new Constraints(
                                new Constraint.MaxNorm(0.5),
                                new Constraint.NonNeg(),
                                new Constraint.UnitNorm())),
                    Dense.of(4, Activation.SOFTMAX))
                .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
    stepsAllocateNothing(model, SmallRun.data(), List.of());
  }

  private static void stepsAllocateNothing(
      Supplier<Model> made, Dataset data, List<Metric> metrics) {
    stepsAllocateNothing(made, data, spec -> spec.withMetrics(metrics));
  }

  private static void stepsAllocateNothing(
      Supplier<Model> made, Dataset data, UnaryOperator<ModelSpec> judged) {
    long before = MemoryLedger.liveBytes();
    try (Model model = made.get();
        Plan plan = new CpuBackend().compile(judged.apply(model.spec()), new PlanOptions(25, 2))) {
      plan.load(start(model));
      plan.bind(data);
      int[] order = IntStream.range(0, data.size() / 25 * 25).toArray(); // whole batches
      Totals totals = new Totals(judged.apply(model.spec()));
      run(plan, order, totals);
      long live = MemoryLedger.liveBytes();
      long[] ids = threads();
      List<Long> windows = new ArrayList<>();
      while (!endsQuietly(windows) && windows.size() < MOST) {
        long earlier = allocated(ids);
        long from = allocated(ids);
        long asking = from - earlier; // what a look itself allocates
        run(plan, order, totals);
        windows.add(allocated(ids) - from - asking);
        assertThat(MemoryLedger.liveBytes()).isEqualTo(live);
      }
      assertThat(endsQuietly(windows))
          .as("no %d windows of %d steps without an allocation in %s", QUIET, WINDOW, windows)
          .isTrue();
    }
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
  }

  private static boolean endsQuietly(List<Long> windows) {
    int count = windows.size();
    return count >= QUIET && windows.subList(count - QUIET, count).stream().allMatch(w -> w == 0);
  }

  /** Ends a fit that has shown what it was to show. */
  private static final class Settled extends RuntimeException {}

  /**
   * The loop around the steps. A tiny model, since its code is compiled only after tens of
   * thousands of batches; until then a callback's iterator and Adam's powers cost some hundred
   * bytes each.
   */
  @ParameterizedTest
  @MethodSource("optimizers")
  void batchesOfFitAllocateNothingOnceCompiled(Optimizer optimizer) {
    Callback looking =
        new Callback() {
          private long before;
          private int quiet;

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            long now = THREADS.getCurrentThreadAllocatedBytes();
            if (batch > 0) { // between epochs a map of their values is made
              quiet = now == before ? quiet + 1 : 0;
            }
            before = now;
            if (quiet == 500) {
              throw new Settled();
            }
          }
        };
    try (Model model =
        Model.sequential(Shape.of(2), Dense.of(2, Activation.SOFTMAX))
            .withThreads(1)
            .compile(optimizer, Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      Dataset data = Dataset.of(Shape.of(2), new float[16], new int[8], 2);
      FitOptions most = FitOptions.epochs(100_000).withBatchSize(1);
      assertThatThrownBy(() -> model.fit(data, most, looking))
          .as("500 batches in a row without an allocation")
          .isInstanceOf(Settled.class);
    }
  }

  static Stream<Optimizer> optimizers() {
    return Stream.concat(
        SmallRun.optimizers().stream(),
        Stream.of(
            Adam.withDefaults(),
            Adam.of(new ExponentialDecay(0.01, 1000, 0.9, false)),
            Adam.of(new PolynomialDecay(0.01, 1000, 0.001, 0.5, true))));
  }

  private static Parameters start(Model model) {
    return StartWeights.of(model.spec(), 1);
  }

  /** A window. */
  private static void run(Plan plan, int[] order, Totals totals) {
    for (int i = 0; i < WINDOW; i++) {
      if (i % Math.ceilDiv(order.length, 25) == 0) {
        plan.beginEpoch(order, 25);
      }
      totals.reset();
      plan.step(1, totals);
    }
  }

  /** The caller and the plan's helpers. */
  private static long[] threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t == Thread.currentThread() || t.getName().startsWith("lanewise-cpu"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static long allocated(long[] ids) {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(ids)) {
      sum += bytes;
    }
    return sum;
  }
}
