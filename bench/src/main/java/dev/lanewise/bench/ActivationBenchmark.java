package dev.lanewise.bench;

import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
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
 * Activations and their derivatives, nanoseconds an element, on 5 rows of 160 in the first-level
 * cache, which is how training meets them. Their errors in ulp are what {@code PolynomialsTest}
 * measures.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class ActivationBenchmark {
  private static final int ROWS = 5;
  private static final int COLUMNS = 160;
  private static final int ELEMENTS = ROWS * COLUMNS;

  /** What computes. */
  @Param({"simd", "scalar"})
  public String kernels = "simd";

  /** Which activation. */
  @Param({"TANH", "SIGMOID", "RELU", "ELU", "SOFTPLUS", "SILU", "GELU"})
  public String activation = "TANH";

  private final TensorArena arena = new TensorArena("benchmark");
  private final Matrix x = matrix();
  private final Matrix y = matrix();
  private final Matrix pairs = arena.tensor("pairs", Shape.of(ROWS, 2), 2).matrix();
  private Kernels implementation = Implementations.named("scalar");
  private Elementwise f = Elementwise.TANH;

  /** Made by JMH, once a thread. */
  public ActivationBenchmark() {}

  private Matrix matrix() {
    return arena.tensor("values", Shape.of(ROWS, COLUMNS), COLUMNS).matrix();
  }

  /** Fills the values. */
  @Setup(Level.Iteration)
  public void prepare() {
    implementation = Implementations.named(kernels);
    f = Elementwise.valueOf(activation);
    for (int i = 0; i < ELEMENTS; i++) {
      x.set(i / COLUMNS, i % COLUMNS, (i - ELEMENTS / 2) * 0.01f);
      y.set(i / COLUMNS, i % COLUMNS, i * 0.001f);
    }
  }

  /** Gives the memory back. */
  @TearDown(Level.Trial)
  public void close() {
    arena.close();
  }

  /**
   * x = f(x).
   *
   * @return an element
   */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public float forward() {
    implementation.elements().apply(f, ROWS, COLUMNS, x.address(), COLUMNS);
    return x.get(0, 0);
  }

  /**
   * dy = dy * f'(y).
   *
   * @return an element
   */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public float derivative() {
    implementation
        .elements()
        .applyDerivative(f, ROWS, COLUMNS, x.address(), COLUMNS, y.address(), COLUMNS);
    return x.get(0, 0);
  }

  /**
   * Softmax by rows, whatever the activation parameter says.
   *
   * @return an element
   */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public float softmax() {
    implementation
        .elements()
        .softmax(ROWS, COLUMNS, x.address(), COLUMNS, y.address(), COLUMNS, pairs.address());
    return y.get(0, 0);
  }
}
