package dev.lanewise.bench;

import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.random.SplitMix64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
 * A warm epoch of the founding benchmark, with its cell and others: 48,000 digits of MNIST in
 * shuffled batches of 150, and the validation on 12,000.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
@Fork(3)
@State(Scope.Benchmark)
public class EpochBenchmark {
  private static final int BATCH = 150;
  private static final int TRAINING = 48_000;
  private static final int HELD_OUT = 12_000;

  /** Where the plan runs: {@code cpu:N} on N threads, the caller among them. */
  @Param({"cpu", "cpu:2", "cuda"})
  public String backend = "cpu";

  /** The recurrent layer. */
  @Param public Cell cell = Cell.simple_rnn;

  private @Nullable Plan plan;
  private @Nullable Dataset validation;
  private final int[] order = shuffled();
  private final Totals totals = new Totals();

  /** Made by JMH. */
  public EpochBenchmark() {}

  private static int[] shuffled() {
    SplitMix64 random = new SplitMix64(1);
    int[] order = new int[TRAINING];
    for (int i = 0; i < TRAINING; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Reads the digits and compiles the model with random weights. */
  @Setup(Level.Trial)
  public void compile() {
    FoundingModel model = FoundingModel.asFounded(cell);
    Dataset all = Digits.bundled().train();
    Machine machine = Machine.of(backend);
    Plan made =
        Machines.named(machine.backend())
            .compile(model.spec(), new PlanOptions(BATCH, machine.planThreads()));
    plan = made;
    made.load(model.start());
    made.bind(all.slice(0, TRAINING));
    validation = all.slice(TRAINING, TRAINING + HELD_OUT);
  }

  /** Frees the plan. */
  @TearDown(Level.Trial)
  public void close() {
    if (plan != null) {
      plan.close();
    }
  }

  /**
   * Training alone.
   *
   * @return the loss
   */
  @Benchmark
  public double train() {
    Plan compiled = Objects.requireNonNull(plan, "compile has run");
    compiled.beginEpoch(order, BATCH);
    totals.reset();
    compiled.step(TRAINING / BATCH, totals);
    return totals.meanLoss();
  }

  /**
   * Validation alone.
   *
   * @return the loss
   */
  @Benchmark
  public double validate() {
    totals.reset();
    Objects.requireNonNull(plan, "compile has run")
        .evaluate(Objects.requireNonNull(validation, "compile has run"), BATCH, totals);
    return totals.meanLoss();
  }

  /**
   * Training by plain loops.
   *
   * @return the loss
   */
  @Benchmark
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(value = 1, jvmArgsAppend = "-Dlanewise.kernels=scalar")
  public double scalarTrain() {
    return train();
  }
}
