package dev.lanewise.bench;

import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * One training step of the founding benchmark, {@code SimpleRNN(150) -> Dense(10, softmax)} with
 * Adam on a batch of 150 random images, on each backend. Where a backend is not available its rows
 * fail with the reason and the others go on.
 *
 * <p>The column {@code gflops} is nominal GFLOP/s, padding not counted: 632 MFLOP a step, the
 * products of forward, backward through time and weight gradients.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class TrainingStepBenchmark {
  private static final int BATCH = 150;
  private static final int STEPS = 28;
  private static final int FEATURES = 28;
  private static final int UNITS = 150;
  private static final int CLASSES = 10;
  private static final int SAMPLES = 40 * BATCH;

  /** Forward and weight gradient take (features + units) x units each, backward units x units. */
  private static final double GFLOP =
      2e-9
          * BATCH
          * (STEPS * (2.0 * (FEATURES + UNITS) * UNITS + UNITS * UNITS) + 3.0 * UNITS * CLASSES);

  /** Where the plan runs. */
  @Param({"cpu", "cuda"})
  public String backend = "cpu";

  /** The threads of the CPU's plan, the caller among them. */
  @Param({"1", "2"})
  public int threads = 1;

  private @Nullable Plan plan;
  private int[] order = new int[0];
  private int left;
  private final Totals totals = new Totals();

  /** Work done, which JMH divides by the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Floating-point operations so far, in units of 1e9. */
    public double gflops;

    /** Made by JMH, once a thread. */
    public Work() {}
  }

  /** Made by JMH. */
  public TrainingStepBenchmark() {}

  /** Compiles the model with random weights and binds random images. */
  @Setup(Level.Trial)
  public void compile() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(STEPS, FEATURES),
            List.of(SimpleRnn.of(UNITS), Dense.of(CLASSES, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults());
    SplitMix64 random = new SplitMix64(1);
    byte[] pixels = new byte[SAMPLES * STEPS * FEATURES];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    int[] labels = IntStream.range(0, SAMPLES).map(i -> random.nextInt(CLASSES)).toArray();
    Plan made = Backends.named(backend).compile(spec, new PlanOptions(BATCH, threads));
    plan = made;
    made.load(Parameters.initial(spec.parameters().stream().map(p -> start(p, random)).toList()));
    made.bind(Dataset.ofBytes(spec.input(), pixels, labels, CLASSES));
    order = IntStream.range(0, SAMPLES).toArray();
  }

  private static float[] start(ParameterSpec parameter, SplitMix64 random) {
    return parameter.initializer().values(parameter.shape(), random);
  }

  /** Frees the plan. */
  @TearDown(Level.Trial)
  public void close() {
    if (plan != null) {
      plan.close();
    }
  }

  /**
   * A step.
   *
   * @param work where the operations are counted
   * @return the loss, so that nothing is dead code
   */
  @Benchmark
  public double step(Work work) {
    Plan compiled = Objects.requireNonNull(plan, "compile has run");
    if (left == 0) {
      compiled.beginEpoch(order, BATCH);
      left = SAMPLES / BATCH;
    }
    left--;
    totals.reset();
    compiled.step(1, totals);
    work.gflops += GFLOP;
    return totals.meanLoss();
  }
}
