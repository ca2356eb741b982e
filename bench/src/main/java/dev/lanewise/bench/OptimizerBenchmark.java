package dev.lanewise.bench;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.concurrent.TimeUnit;
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
 * Updates of as many weights as the founding benchmark's recurrent layer has, padding included;
 * nanoseconds a weight.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class OptimizerBenchmark {
  private static final int WEIGHTS = 178 * 160;
  private static final int SHARDS = 6;
  private static final long BYTES = (long) WEIGHTS * Float.BYTES;

  /** What computes. */
  @Param({"simd", "scalar"})
  public String kernels = "simd";

  private final TensorArena arena = new TensorArena("benchmark");

  /** Weights, two slots, and the gradients of six shards. */
  private final long weights =
      arena.tensor("arrays", Shape.of(3 + SHARDS, WEIGHTS), WEIGHTS).address();

  private final long gradients = weights + 3 * BYTES;
  private Kernels implementation = Implementations.named("scalar");

  /** Made by JMH, once a thread. */
  public OptimizerBenchmark() {}

  /** Takes the kernels. */
  @Setup(Level.Trial)
  public void prepare() {
    implementation = Implementations.named(kernels);
  }

  /** Gives the memory back. */
  @TearDown(Level.Trial)
  public void close() {
    arena.close();
  }

  /** Adam. */
  @Benchmark
  @OperationsPerInvocation(WEIGHTS)
  public void adam() {
    implementation
        .optimizers()
        .adam(
            WEIGHTS,
            weights,
            gradients,
            gradients,
            weights + BYTES,
            weights + 2 * BYTES,
            1e-3f,
            0.1f,
            0.001f,
            1e-7f);
  }

  /** Gradient descent with momentum. */
  @Benchmark
  @OperationsPerInvocation(WEIGHTS)
  public void momentum() {
    implementation
        .optimizers()
        .sgdMomentum(WEIGHTS, weights, gradients, weights + BYTES, 0.01f, 0.9f, false);
  }

  /** The sum of six shards' gradients. */
  @Benchmark
  @OperationsPerInvocation(WEIGHTS)
  public void sumOfShards() {
    implementation.sumInto(WEIGHTS, SHARDS, gradients, WEIGHTS);
  }
}
