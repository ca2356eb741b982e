package dev.lanewise.bench;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * The matrix products of a recurrent network of 150 units on rows of 28 pixels: 25 or 75 rows at a
 * time forward and backward, and the weights' gradient, a transposed product over 75 rows.
 *
 * <p>The column {@code gflops} is GFLOP/s, to be read next to {@link FmaPeakBenchmark}'s:
 *
 * <pre>
 *   2 * m * n * k * calls / seconds / 1e9
 * </pre>
 *
 * <p>n counts real columns. Those of the padding are computed too, so that at 150 of 160 no more
 * than 94 % of the peak can show.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class GemmBenchmark {
  private static final int COLUMNS = 150;

  /** Room for 28 features, 150 units and padding: as rows of inputs lie in training. */
  private static final int A_STRIDE = 192;

  /** What computes. */
  @Param({"simd", "scalar"})
  public String kernels = "simd";

  /** Rows and depth of the product. */
  @Param({"25x178", "25x150", "75x178"})
  public String shape = "25x178";

  private final TensorArena arena = new TensorArena("benchmark");
  private final Random random = new Random(1);
  private Product forward;
  private Product gradient;

  /** One product's sizes and memory. */
  private record Product(
      int m, int k, Matrix a, long aRow, long aColumn, Matrix b, Matrix s, long sRow, Matrix c) {
    void run(Kernels kernels) {
      kernels.gemm(
          m,
          COLUMNS,
          k,
          a.address(),
          aRow,
          aColumn,
          b.address(),
          b.rowStride(),
          Kernels.LANES,
          s.address(),
          sRow,
          c.address(),
          c.rowStride());
    }

    double gflops() {
      return 2e-9 * m * COLUMNS * k;
    }
  }

  private Kernels implementation = new ScalarKernels();

  /** Made by JMH, once a thread. */
  public GemmBenchmark() {
    forward = forward(25, 178);
    gradient = gradient(178, 75);
  }

  /** Makes the operands; a speed from wrong bits would be no speed. */
  @Setup(Level.Trial)
  public void prepare() {
    int cross = shape.indexOf('x');
    forward =
        forward(
            Integer.parseInt(shape.substring(0, cross)),
            Integer.parseInt(shape.substring(cross + 1)));
    implementation = Implementations.named(kernels);
    check(forward);
    check(gradient);
  }

  /** Gives the memory back. */
  @TearDown(Level.Trial)
  public void close() {
    arena.close();
  }

  /**
   * C = bias + A * B.
   *
   * @param work where the operations are counted
   * @return an element of C
   */
  @Benchmark
  public float forward(Work work) {
    forward.run(implementation);
    work.gflops += forward.gflops();
    return forward.c().get(0, 0);
  }

  /**
   * C = C + A^T * B, [178, 75] by [75, 150], whatever the shape parameter says.
   *
   * @param work where the operations are counted
   * @return an element of C
   */
  @Benchmark
  public float weightGradient(Work work) {
    gradient.run(implementation);
    work.gflops += gradient.gflops();
    return gradient.c().get(0, 0);
  }

  private Product forward(int m, int k) {
    Matrix bias = matrix(1, COLUMNS, Kernels.padded(COLUMNS));
    Matrix c = matrix(m, COLUMNS, Kernels.padded(COLUMNS));
    Matrix b = matrix(k, COLUMNS, Kernels.padded(COLUMNS));
    return new Product(m, k, matrix(m, k, A_STRIDE), A_STRIDE, 1, b, bias, 0, c);
  }

  private Product gradient(int m, int k) {
    Matrix c = matrix(m, COLUMNS, Kernels.padded(COLUMNS));
    Matrix b = matrix(k, COLUMNS, Kernels.padded(COLUMNS));
    return new Product(m, k, matrix(k, m, A_STRIDE), 1, A_STRIDE, b, c, c.rowStride(), c);
  }

  private void check(Product product) {
    Tensor c = product.c().tensor();
    float[] before = c.toArray();
    product.run(new ScalarKernels());
    float[] expected = c.toArray();
    c.copyFrom(before);
    product.run(implementation);
    if (!Arrays.equals(expected, c.toArray())) {
      throw new IllegalStateException(kernels + " differs from the scalar reference");
    }
  }

  private Matrix matrix(int rows, int columns, int stride) {
    Tensor tensor = arena.tensor("operand", Shape.of(rows, columns), stride);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 1e-2f;
    }
    tensor.copyFrom(values);
    return tensor.matrix();
  }
}
