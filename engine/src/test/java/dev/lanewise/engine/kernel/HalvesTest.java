package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices of bfloat16, and a row times them. */
class HalvesTest {
  private static Matrix matrix(TensorArena arena, int rows, int columns, SplitMix64 random) {
    Matrix matrix =
        arena.tensor("matrix", Shape.of(rows, columns), Kernels.stride(columns)).matrix();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, Halves.rounded((float) random.nextGaussian()));
      }
    }
    return matrix;
  }

  /** The chain is the product's in float32, of any row of A and some rows of B. */
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 31, 32, 33, 48, 80, 150, 600, 640})
  void aRowHasTheBitsOfTheProduct(int columns) {
    CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
    SplitMix64 random = new SplitMix64(columns);
    try (TensorArena arena = new TensorArena("product")) {
      Matrix a = matrix(arena, 3, 20, random);
      Matrix b = matrix(arena, 27, columns, random);
      Matrix s = matrix(arena, 3, columns, random);
      Matrix expected = matrix(arena, 3, columns, random);
      Matrix found = matrix(arena, 3, columns, random);
      float other = found.get(1, 0);
      Halves halves = new Halves(arena, "halves", 27, columns);
      halves.set(b);
      kernels.gemm(2, 1, a, 0, b.tensor().matrix(7, 20, 0, columns), s, expected);
      kernels.rowTimesHalves(2, a, halves, 7, 20, s, found);
      for (int c = 0; c < columns; c++) {
        assertThat(found.get(2, c)).isEqualTo(expected.get(2, c));
      }
      assertThat(found.get(1, 0)).isEqualTo(other);
      assertThatThrownBy(() -> kernels.rowTimesHalves(2, a, halves, 8, 20, s, found))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("row times halves");
      assertThatThrownBy(() -> kernels.rowTimesHalves(3, a, halves, 7, 20, s, found))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> kernels.rowTimesHalves(0, a, halves, 0, 21, s, found))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** The nearest, of two as near the one whose last bit is zero: by exact decimals. */
  @Test
  void valuesAreRoundedToTheNearestAndTiesToEven() {
    SplitMix64 random = new SplitMix64(4);
    for (int i = 0; i < 5000; i++) {
      int bits = (int) random.nextLong();
      bits = i % 3 == 0 ? bits & 0xFFFF0000 | 0x8000 : bits; // in the middle
      float value = Float.intBitsToFloat(bits);
      if (!Float.isFinite(value) || (bits & 0x7FFF0000) == 0x7F7F0000) {
        continue;
      }
      BigDecimal exact = new BigDecimal(value);
      float down = Float.intBitsToFloat(bits & 0xFFFF0000);
      float up = Float.intBitsToFloat((bits & 0xFFFF0000) + 0x10000);
      int nearer =
          new BigDecimal(up)
              .subtract(exact)
              .abs()
              .compareTo(new BigDecimal(down).subtract(exact).abs());
      boolean evenDown = (bits & 0x10000) == 0;
      float expected = nearer < 0 ? up : nearer > 0 ? down : evenDown ? down : up;
      assertThat(Halves.rounded(value)).as("%08x", bits).isEqualTo(expected);
      assertThat(Halves.rounded(expected)).isEqualTo(expected);
    }
    assertThat(Halves.rounded(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Halves.rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Halves.rounded(Float.intBitsToFloat(0x7F800001))).isNaN();
    assertThat(Halves.rounded(Float.intBitsToFloat(0x7FFFFFFF))).isNaN();
    assertThat(Float.floatToRawIntBits(Halves.rounded(-0f))).isEqualTo(0x80000000);
  }
}
