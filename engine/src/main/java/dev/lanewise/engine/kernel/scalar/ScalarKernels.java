package dev.lanewise.engine.kernel.scalar;

import static dev.lanewise.engine.kernel.scalar.Elements.at;
import static dev.lanewise.engine.kernel.scalar.Elements.get;
import static dev.lanewise.engine.kernel.scalar.Elements.set;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.GruKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.LstmKernels;
import dev.lanewise.engine.kernel.OptimizerKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.ValueLayout;

/**
 * Plain loops, one element at a time: the bits that every other implementation has to give, and
 * what runs where the Vector API is missing.
 */
public final class ScalarKernels implements Kernels {
  private static final int BITS = 32;

  /** Edge of the squares that a transpose works in: a cache line of floats. */
  private static final int BLOCK = 16;

  /** Columns of 16 words, and what of a word is a float's upper half. */
  private static final int PAIR = 2 * BLOCK;

  private static final int HALF = 16;
  private static final int UPPER = -1 << HALF;

  private final ElementKernels elements = new ScalarElements();
  private final LstmKernels lstm = new ScalarLstm();
  private final GruKernels gru = new ScalarGru();
  private final OptimizerKernels optimizers = new ScalarOptimizers();

  /** Creates the kernels, which have no state. */
  public ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int vectorBits() {
    return BITS;
  }

  /** {@inheritDoc} There are no tiles: every row by itself. */
  @Override
  public int stripRows(int left, long weights, int columns) {
    return 1;
  }

  /** {@inheritDoc} There are no registers to fill. */
  @Override
  public long panelsFrom() {
    return Long.MAX_VALUE;
  }

  /** {@inheritDoc} The chain is kept in C itself: rows of B are read in order, as memory likes. */
  @Override
  public void gemm(
      int m,
      int n,
      int k,
      long a,
      long aRowStride,
      long aColumnStride,
      long b,
      long bRowStride,
      long bPanelStride,
      long s,
      long sRowStride,
      long c,
      long cRowStride) {
    int columns = Kernels.padded(n);
    for (int i = 0; i < m; i++) {
      long cRow = at(c, i * cRowStride);
      long sRow = at(s, i * sRowStride);
      for (int j = 0; j < columns; j++) {
        set(at(cRow, j), get(at(sRow, j)));
      }
      for (int p = 0; p < k; p++) {
        float factor = get(at(a, i * aRowStride + p * aColumnStride));
        long bRow = at(b, p * bRowStride);
        for (int j = 0; j < columns; j++) {
          long element = at(bRow, j / LANES * bPanelStride + j % LANES);
          set(at(cRow, j), Math.fma(factor, get(element), get(at(cRow, j))));
        }
      }
    }
  }

  @Override
  public void pack(int rows, int columns, long x, long xRowStride, long y, long yPanelStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        long element = at(y, j / LANES * yPanelStride + (long) i * LANES + j % LANES);
        set(element, get(at(x, i * xRowStride + j)));
      }
    }
  }

  @Override
  public void rowTimesHalves(int n, int k, long a, long b, long bRowStride, long s, long c) {
    int columns = Kernels.padded(n);
    for (int j = 0; j < columns; j++) {
      long word = at(b, (long) j / PAIR * BLOCK + j % BLOCK);
      boolean upper = j % PAIR >= BLOCK;
      float sum = get(at(s, j));
      for (int p = 0; p < k; p++) {
        int pair = AddressSpace.SPACE.get(ValueLayout.JAVA_INT, at(word, p * bRowStride));
        float value = Float.intBitsToFloat(upper ? pair & UPPER : pair << HALF);
        sum = Math.fma(get(at(a, p)), value, sum);
      }
      set(at(c, j), sum);
    }
  }

  @Override
  public void columnSums(int rows, int columns, long x, long rowStride, long sums) {
    elements.add(1, columns, x, 0, sums, 0);
    for (int i = 1; i < rows; i++) {
      elements.add(1, columns, at(x, i * rowStride), 0, sums, 0);
    }
  }

  @Override
  public void transpose(int rows, int columns, long x, long xRowStride, long y, long yRowStride) {
    for (int i0 = 0; i0 < rows; i0 += BLOCK) {
      int i1 = Math.min(i0 + BLOCK, rows);
      for (int j0 = 0; j0 < columns; j0 += BLOCK) {
        int j1 = Math.min(j0 + BLOCK, columns);
        for (int j = j0; j < j1; j++) {
          for (int i = i0; i < i1; i++) {
            set(at(y, j * yRowStride + i), get(at(x, i * xRowStride + j)));
          }
        }
      }
    }
  }

  @Override
  public void scale(int count, byte[] source, int from, long target) {
    for (int i = 0; i < count; i++) {
      set(at(target, i), (source[from + i] & 0xFF) / 255f);
    }
  }

  @Override
  public void sumInto(long count, int terms, long x, long stride) {
    for (long i = 0; i < count; i++) {
      float sum = get(at(x, i));
      for (int t = 1; t < terms; t++) {
        sum += get(at(x, i + t * stride));
      }
      set(at(x, i), sum);
    }
  }

  @Override
  public double sumOfSquares(int count, long x) {
    double[] chains = new double[4];
    for (int j = 0; j < count; j++) {
      double value = get(at(x, j));
      chains[j % 4] += value * value;
    }
    return (chains[0] + chains[1]) + (chains[2] + chains[3]);
  }

  @Override
  public double sumOfMagnitudes(int count, long x) {
    double sum = 0;
    for (int j = 0; j < count; j++) {
      sum += Math.abs(get(at(x, j)));
    }
    return sum;
  }

  @Override
  public void penalize(long count, long w, long g, float l1, float slope) {
    for (long i = 0; i < count; i++) {
      float weight = get(at(w, i));
      float sign = weight < 0 ? -l1 : 0;
      sign = weight > 0 ? l1 : sign;
      set(at(g, i), Math.fma(slope, weight, get(at(g, i))) + sign);
    }
  }

  @Override
  public void multiply(long count, long x, float factor) {
    for (long i = 0; i < count; i++) {
      set(at(x, i), get(at(x, i)) * factor);
    }
  }

  @Override
  public void squareRoots(long count, long x) {
    for (long i = 0; i < count; i++) {
      set(at(x, i), (float) Math.sqrt(get(at(x, i))));
    }
  }

  @Override
  public void clip(long count, long x, float limit) {
    for (long i = 0; i < count; i++) {
      set(at(x, i), Math.max(-limit, Math.min(limit, get(at(x, i)))));
    }
  }

  @Override
  public ElementKernels elements() {
    return elements;
  }

  @Override
  public LstmKernels lstm() {
    return lstm;
  }

  @Override
  public GruKernels gru() {
    return gru;
  }

  @Override
  public OptimizerKernels optimizers() {
    return optimizers;
  }
}
