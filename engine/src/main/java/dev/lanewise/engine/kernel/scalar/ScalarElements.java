package dev.lanewise.engine.kernel.scalar;

import static dev.lanewise.engine.kernel.scalar.Elements.at;
import static dev.lanewise.engine.kernel.scalar.Elements.get;
import static dev.lanewise.engine.kernel.scalar.Elements.set;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.Murmur;
import dev.lanewise.engine.kernel.Polynomials;

/** What is done to elements, in plain loops. */
final class ScalarElements implements ElementKernels {
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
  public void flushTiny(int rows, int columns, long x, long rowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      long row = at(x, i * rowStride);
      for (int j = 0; j < padded; j++) {
        long element = at(row, j);
        if (Math.abs(get(element)) < TINY) {
          set(element, 0);
        }
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
  public void maximum(
      int rows,
      int columns,
      float place,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long places,
      long placesRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        float value = get(at(x, i * xRowStride + j));
        long largest = at(y, i * yRowStride + j);
        if (value > get(largest) || Float.isNaN(value)) {
          set(largest, value);
          set(at(places, i * placesRowStride + j), place);
        }
      }
    }
  }

  @Override
  public void addWhereEqual(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long d,
      long dRowStride,
      long z,
      long zRowStride) {
    int padded = Kernels.padded(columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        if (get(at(x, i * xRowStride + j)) == get(at(y, i * yRowStride + j))) {
          long sum = at(z, i * zRowStride + j);
          set(sum, get(sum) + get(at(d, i * dRowStride + j)));
        }
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
}
