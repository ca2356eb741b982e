package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GemmErrorTest {
  private static final int ROWS = 7;
  private static final int COLUMNS = 19;
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  private final Kernels kernels = new ScalarKernels();
  private final Random random = new Random(3);

  /** k roundings, each of at most the unit roundoff times the sum of magnitudes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 150, 2100})
  void staysWithinTheBoundOfItsChain(int k) {
    try (TensorArena arena = new TensorArena("test")) {
      Matrix a = normal(arena, ROWS, k);
      Matrix b = normal(arena, k, COLUMNS);
      Matrix s = normal(arena, 1, COLUMNS);
      Matrix c = normal(arena, ROWS, COLUMNS);
      multiply(k, a, b, s, c);
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          double exact = s.get(0, j);
          double magnitude = Math.abs(exact);
          for (int p = 0; p < k; p++) {
            double product = (double) a.get(i, p) * b.get(p, j);
            exact += product;
            magnitude += Math.abs(product);
          }
          assertThat(Math.abs(c.get(i, j) - exact)).isLessThanOrEqualTo(bound(k, magnitude));
        }
      }
    }
  }

  @Test
  void paddingStaysFinite() {
    try (TensorArena arena = new TensorArena("test")) {
      Matrix a = normal(arena, ROWS, 31);
      Matrix b = normal(arena, 31, COLUMNS);
      Matrix s = normal(arena, 1, COLUMNS);
      Matrix c = normal(arena, ROWS, COLUMNS);
      for (Kernels each : new Kernels[] {kernels, KernelProvider.kernels()}) {
        each.gemm(
            ROWS,
            COLUMNS,
            31,
            a.address(),
            a.rowStride(),
            1,
            b.address(),
            b.rowStride(),
            Kernels.LANES,
            s.address(),
            0,
            c.address(),
            c.rowStride());
        for (Elementwise f : Elementwise.values()) {
          each.elements().apply(f, ROWS, COLUMNS, c.address(), c.rowStride());
        }
        for (long i = 0; i < ROWS * c.rowStride(); i++) {
          long address = c.address() + i * Float.BYTES;
          assertThat(AddressSpace.SPACE.get(ValueLayout.JAVA_FLOAT, address)).isFinite();
        }
      }
    }
  }

  /** The chain ascends: descending, the 1 would be lost in the large sum before it cancels. */
  @Test
  void sumsAscend() {
    try (TensorArena arena = new TensorArena("test")) {
      Matrix x = normal(arena, 3, 1);
      x.set(0, 0, 1e8f);
      x.set(1, 0, -1e8f);
      x.set(2, 0, 1f);
      Matrix sums = normal(arena, 1, 1);
      for (Kernels each : new Kernels[] {kernels, KernelProvider.kernels()}) {
        sums.set(0, 0, 0f);
        each.columnSums(3, 1, x.address(), x.rowStride(), sums.address());
        assertThat(sums.get(0, 0)).isEqualTo(1f);
      }
    }
  }

  private static double bound(int k, double magnitude) {
    return k * UNIT_ROUNDOFF / (1 - k * UNIT_ROUNDOFF) * magnitude;
  }

  private void multiply(int k, Matrix a, Matrix b, Matrix s, Matrix c) {
    kernels.gemm(
        ROWS,
        COLUMNS,
        k,
        a.address(),
        a.rowStride(),
        1,
        b.address(),
        b.rowStride(),
        Kernels.LANES,
        s.address(),
        0,
        c.address(),
        c.rowStride());
  }

  private Matrix normal(TensorArena arena, int rows, int columns) {
    int stride = Kernels.padded(columns);
    Matrix matrix = arena.tensor("test", Shape.of(rows, columns), stride).matrix();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, (float) random.nextGaussian());
      }
    }
    return matrix;
  }
}
