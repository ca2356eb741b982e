package dev.lanewise.bench;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What layers take that are no cells: a training step of {@code Dense(64) -> a layer ->
 * GlobalAveragePooling1D -> Dense(2, softmax)} on 64 samples of [100, 32], with Adam. {@code -p
 * middle=nothing} is the model without.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class LayerBenchmark {
  private static final int BATCH = 64;
  private static final Shape INPUT = Shape.of(100, 32);
  private static final int CLASSES = 2;

  /** Where the plan runs, as in {@link TrainingStepBenchmark}. */
  @Param("cpu:2")
  public String backend = "cpu:2";

  /** The layer. */
  @Param public Middle middle = Middle.nothing;

  private final int[] order = IntStream.range(0, BATCH).toArray();
  private @Nullable Plan plan;
  private final Totals totals = new Totals();

  /** Made by JMH. */
  public LayerBenchmark() {}

  private Graph graph() {
    GraphBuilder g = new GraphBuilder();
    var wide = g.apply(Dense.of(64), g.input("x", INPUT));
    var pooled = g.apply(GlobalAveragePooling1D.withDefaults(), middle.apply(g, wide));
    g.output(g.apply(Dense.of(CLASSES, Activation.SOFTMAX), pooled));
    return g.build();
  }

  /** Compiles the model and binds random samples. */
  @Setup(Level.Trial)
  public void compile() {
    ModelSpec spec =
        new ModelSpec(graph(), Loss.CATEGORICAL_CROSSENTROPY, Adam.withDefaults(), List.of());
    Machine machine = Machine.of(backend);
    Plan made =
        Machines.named(machine.backend())
            .compile(spec, new PlanOptions(BATCH, machine.planThreads()));
    plan = made;
    SplitMix64 random = new SplitMix64(1);
    made.load(
        Parameters.initial(
            spec.parameters().stream()
                .map(parameter -> parameter.initializer().values(parameter.shape(), random))
                .toList()));
    float[] values = new float[Math.toIntExact(BATCH * INPUT.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2001) / 1000f - 1;
    }
    int[] labels = IntStream.range(0, BATCH).map(i -> random.nextInt(CLASSES)).toArray();
    made.bind(Dataset.of(INPUT, values, labels, CLASSES));
  }

  /** Frees the plan. */
  @TearDown(Level.Trial)
  public void close() {
    if (plan != null) {
      plan.close();
    }
  }

  /**
   * One step.
   *
   * @return the loss, so that nothing is dead code
   */
  @Benchmark
  public double step() {
    Plan compiled = Objects.requireNonNull(plan, "compile has run");
    compiled.beginEpoch(order, BATCH);
    totals.reset();
    compiled.step(1, totals);
    return totals.meanLoss();
  }
}
