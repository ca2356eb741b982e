package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.ValueLayout;

/**
 * A matrix of bfloat16, the upper halves of float32s whose lower halves are zero. Two are a word of
 * 32 bits, so that a vector of words becomes two of floats by a shift and a mask: word 16 i + l of
 * a row has column 32 i + l below and column 32 i + 16 + l above, whatever the width of a vector.
 */
public final class Halves {
  private static final int BITS = 16;
  private static final int PAIR = 2 * Kernels.LANES;

  private final Tensor words;
  private final int rows;
  private final int columns;

  /** Takes the memory. */
  public Halves(TensorArena arena, String label, int rows, int columns) {
    int width = Math.ceilDiv(columns, PAIR) * Kernels.LANES;
    words = arena.tensor(label, Shape.of(rows, width), Kernels.stride(width));
    this.rows = rows;
    this.columns = columns;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the number of columns. */
  public int columns() {
    return columns;
  }

  /** Returns the address of a row's first word. */
  long address(int row) {
    return words.address() + (long) row * rowStride() * Integer.BYTES;
  }

  /** Returns the words from row to row. */
  int rowStride() {
    return words.rowStride();
  }

  /** Sets the values to those of a matrix as large, which are bfloat16 already. */
  public void set(Matrix values) {
    for (int row = 0; row < rows; row++) {
      for (int word = 0; word < words.rowStride(); word++) {
        int column = word / Kernels.LANES * PAIR + word % Kernels.LANES;
        int low = half(values, row, column);
        int high = half(values, row, column + Kernels.LANES);
        long at = address(row) + (long) word * Integer.BYTES;
        AddressSpace.SPACE.set(ValueLayout.JAVA_INT, at, (high << BITS) | low);
      }
    }
  }

  private int half(Matrix values, int row, int column) {
    return column < columns ? Float.floatToRawIntBits(values.get(row, column)) >>> BITS : 0;
  }

  /** Returns the bfloat16 that is nearest, of two as near the even one; NaN of NaN. */
  public static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    int odd = (bits >>> BITS) & 1;
    int up = (1 << (BITS - 1)) - 1 + odd;
    return Float.isNaN(value) ? value : Float.intBitsToFloat(((bits + up) >>> BITS) << BITS);
  }
}
