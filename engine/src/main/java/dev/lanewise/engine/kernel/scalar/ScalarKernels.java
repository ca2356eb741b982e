package dev.lanewise.engine.kernel.scalar;

import static dev.lanewise.engine.kernel.scalar.Elements.at;
import static dev.lanewise.engine.kernel.scalar.Elements.get;
import static dev.lanewise.engine.kernel.scalar.Elements.set;

import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.GruKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.LstmKernels;
import dev.lanewise.engine.kernel.Murmur;
import dev.lanewise.engine.kernel.OptimizerKernels;
import dev.lanewise.engine.kernel.Polynomials;

/**
 * Plain loops, one element at a time: the bits that every other implementation has to give, and
 * what runs where the Vector API is missing.
 */
public final class ScalarKernels implements Kernels {
  private static final int BITS = 32;

  /** Edge of the squares that a transpose works in: a cache line of floats. */
  private static final int BLOCK = 16;

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
          set(at(cRow, j), Math.fma(factor, get(at(bRow, j)), get(at(cRow, j))));
        }
      }
    }
  }

  @Override
  public void apply(Elementwise f, int rows, int columns, long x, long rowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      long row = at(x, i * rowStride);
      for (int j = 0; j < padded; j++) {
        long element = at(row, j);
        set(element, ScalarFunctions.apply(f, get(element)));
      }
    }
  }

  @Override
  public void applyDerivative(
      Elementwise f, int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      long dyRow = at(dy, i * dyRowStride);
      long yRow = at(y, i * yRowStride);
      for (int j = 0; j < padded; j++) {
        long element = at(dyRow, j);
        set(element, ScalarFunctions.derivative(f, get(element), get(at(yRow, j))));
      }
    }
  }

  @Override
  public void add(int rows, int columns, long x, long xRowStride, long y, long yRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      long xRow = at(x, i * xRowStride);
      long yRow = at(y, i * yRowStride);
      for (int j = 0; j < padded; j++) {
        long element = at(yRow, j);
        set(element, get(element) + get(at(xRow, j)));
      }
    }
  }

  @Override
  public void multiply(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        float product = get(at(x, i * xRowStride + j)) * get(at(y, i * yRowStride + j));
        set(at(z, i * zRowStride + j), product);
      }
    }
  }

  @Override
  public void multiplyAdd(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        long sum = at(z, i * zRowStride + j);
        float factor = get(at(x, i * xRowStride + j));
        set(sum, Math.fma(factor, get(at(y, i * yRowStride + j)), get(sum)));
      }
    }
  }

  @Override
  public void dropout(int columns, int key, int threshold, float scale, long x, long y) {
    int padded = Kernels.padded(columns);
    for (int j = 0; j < padded; j++) {
      int hash = Murmur.mix(key + j * Murmur.GAMMA) >>> Murmur.UNUSED_BITS;
      set(at(y, j), hash < threshold ? 0 : get(at(x, j)) * scale);
    }
  }

  @Override
  public void leakyRelu(int rows, int columns, float slope, long x, long rowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        long element = at(x, i * rowStride + j);
        float value = get(element);
        set(element, value > 0 ? value : value * slope);
      }
    }
  }

  @Override
  public void leakyReluDerivative(
      int rows, int columns, float slope, long dy, long dyRowStride, long y, long yRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        long element = at(dy, i * dyRowStride + j);
        float value = get(element);
        set(element, get(at(y, i * yRowStride + j)) > 0 ? value : value * slope);
      }
    }
  }

  @Override
  public void softmax(
      int rows, int columns, long x, long xRowStride, long y, long yRowStride, long maxAndSum) {
    for (int i = 0; i < rows; i++) {
      long xRow = at(x, i * xRowStride);
      long yRow = at(y, i * yRowStride);
      float max = max(columns, xRow);
      double exact = 0;
      for (int j = 0; j < columns; j++) {
        float power = Polynomials.exp(get(at(xRow, j)) - max);
        set(at(yRow, j), power);
        exact += power;
      }
      float sum = (float) exact;
      for (int j = 0; j < columns; j++) {
        set(at(yRow, j), get(at(yRow, j)) / sum);
      }
      for (int j = columns; j < Kernels.padded(columns); j++) {
        set(at(yRow, j), 0);
      }
      set(at(maxAndSum, 2L * i), max);
      set(at(maxAndSum, 2L * i + 1), sum);
    }
  }

  private static float max(int columns, long row) {
    float max = get(row);
    for (int j = 1; j < columns; j++) {
      max = Math.max(max, get(at(row, j)));
    }
    return max;
  }

  @Override
  public void columnSums(int rows, int columns, long x, long rowStride, long sums) {
    add(1, columns, x, 0, sums, 0);
    for (int i = 1; i < rows; i++) {
      add(1, columns, at(x, i * rowStride), 0, sums, 0);
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
  public void clip(long count, long x, float limit) {
    for (long i = 0; i < count; i++) {
      set(at(x, i), Math.max(-limit, Math.min(limit, get(at(x, i)))));
    }
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
