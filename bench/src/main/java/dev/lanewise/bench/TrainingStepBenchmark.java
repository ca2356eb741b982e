package dev.lanewise.bench;

import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Training steps of {@code SimpleRNN -> Dense(10, softmax)} with Adam on random images, with other
 * cells in its place too, on each backend; in the founding benchmark's sizes, or others with {@code
 * -p units=512} and the like. A call gives many steps at once, as a fit does: a GPU that is waited
 * for after each has the wait measured and not the step.
 *
 * <p>The column {@code gflops} is nominal GFLOP/s, products alone counted and padding not: in the
 * founding benchmark's sizes 632 MFLOP a step of its own cell, four times that of an LSTM.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class TrainingStepBenchmark {
  private static final int BATCHES = 40;

  /** Where the plan runs: {@code cpu:N} on N threads, the caller among them. */
  @Param({"cpu", "cpu:2", "cuda"})
  public String backend = "cpu";

  /** The recurrent layer. */
  @Param public Cell cell = Cell.simple_rnn;

  /** Width of the recurrent layer's output. */
  @Param("150")
  public int units = 150;

  /** Samples of a batch. */
  @Param("150")
  public int batch = 150;

  /** Time steps of a sample. */
  @Param("28")
  public int steps = 28;

  /** Values of a time step. */
  @Param("28")
  public int features = 28;

  private @Nullable Plan plan;
  private double gflop;
  private int[] order = new int[0];
  private final Totals totals = new Totals();

  /** Made by JMH. */
  public TrainingStepBenchmark() {}

  /** Compiles the model with random weights and binds random images. */
  @Setup(Level.Trial)
  public void compile() {
    FoundingModel model = new FoundingModel(cell, units, batch, steps, features);
    Machine machine = Machine.of(backend);
    Plan made =
        Machines.named(machine.backend())
            .compile(model.spec(), new PlanOptions(batch, machine.planThreads()));
    plan = made;
    made.load(model.start());
    made.bind(model.data(BATCHES * batch));
    order = IntStream.range(0, BATCHES * batch).toArray();
    gflop = model.stepGflop();
  }

  /** Frees the plan. */
  @TearDown(Level.Trial)
  public void close() {
    if (plan != null) {
      plan.close();
    }
  }

  /**
   * Steps, all of an epoch.
   *
   * @param work where the operations are counted
   * @return the loss, so that nothing is dead code
   */
  @Benchmark
  @OperationsPerInvocation(BATCHES)
  public double step(Work work) {
    Plan compiled = Objects.requireNonNull(plan, "compile has run");
    compiled.beginEpoch(order, batch);
    totals.reset();
    compiled.step(BATCHES, totals);
    work.gflops += BATCHES * gflop;
    return totals.meanLoss();
  }

  /**
   * The same by plain loops.
   *
   * @param work where the operations are counted
   * @return the loss
   */
  @Benchmark
  @OperationsPerInvocation(BATCHES)
  @Fork(value = 1, jvmArgsAppend = "-Dlanewise.kernels=scalar")
  public double scalarStep(Work work) {
    return step(work);
  }
}
