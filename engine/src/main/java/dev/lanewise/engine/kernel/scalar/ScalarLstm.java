package dev.lanewise.engine.kernel.scalar;

import static dev.lanewise.engine.kernel.Elementwise.SIGMOID;
import static dev.lanewise.engine.kernel.Elementwise.TANH;
import static dev.lanewise.engine.kernel.scalar.Elements.at;
import static dev.lanewise.engine.kernel.scalar.Elements.get;
import static dev.lanewise.engine.kernel.scalar.Elements.set;
import static dev.lanewise.engine.kernel.scalar.ScalarFunctions.derivative;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.LstmKernels;

/** {@link LstmKernels} in plain loops. */
final class ScalarLstm implements LstmKernels {
  @Override
  public void state(
      int rows,
      int columns,
      long i,
      long f,
      long g,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long c,
      long copy,
      long cRowStride) {
    int padded = Kernels.padded(columns);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < padded; j++) {
        long gate = r * gatesRowStride + j;
        float before = get(at(previous, r * previousRowStride + j));
        float state = Math.fma(get(at(f, gate)), before, get(at(i, gate)) * get(at(g, gate)));
        set(at(c, r * cRowStride + j), state);
        set(at(copy, r * cRowStride + j), state);
      }
    }
  }

  @Override
  public void outputGradient(
      int rows,
      int columns,
      long dh,
      long dhRowStride,
      long upstream,
      long upstreamRowStride,
      long o,
      long y,
      long valuesRowStride,
      long d,
      long dRowStride,
      long dy,
      long dyRowStride) {
    int padded = Kernels.padded(columns);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < padded; j++) {
        float sum = get(at(dh, r * dhRowStride + j)) + get(at(upstream, r * upstreamRowStride + j));
        long value = r * valuesRowStride + j;
        set(at(d, r * dRowStride + j), sum * get(at(y, value)));
        set(at(dy, r * dyRowStride + j), sum * get(at(o, value)));
      }
    }
  }

  @Override
  public void stateGradient(
      int rows,
      int columns,
      long dc,
      long later,
      long stateRowStride,
      long i,
      long f,
      long g,
      long valuesRowStride,
      long previous,
      long previousRowStride,
      long di,
      long df,
      long dg,
      long dRowStride) {
    int padded = Kernels.padded(columns);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < padded; j++) {
        long state = r * stateRowStride + j;
        long value = r * valuesRowStride + j;
        long gradient = r * dRowStride + j;
        float sum = get(at(dc, state)) + get(at(later, state));
        set(at(di, gradient), sum * get(at(g, value)));
        set(at(df, gradient), sum * get(at(previous, r * previousRowStride + j)));
        set(at(dg, gradient), sum * get(at(i, value)));
        set(at(later, state), sum * get(at(f, value)));
      }
    }
  }

  @Override
  public void gradient(
      int rows,
      int columns,
      long through,
      long throughRowStride,
      long upstream,
      long upstreamRowStride,
      long values,
      long valuesRowStride,
      long previous,
      long previousRowStride,
      long later,
      long laterRowStride,
      long d,
      long dRowStride) {
    int padded = Kernels.padded(columns);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < padded; j++) {
        long value = r * valuesRowStride + j;
        long gradient = r * dRowStride + j;
        long state = r * laterRowStride + j;
        float i = get(at(values, value));
        float f = get(at(values, value + padded));
        float o = get(at(values, value + 2L * padded));
        float g = get(at(values, value + 3L * padded));
        float y = get(at(values, value + 5L * padded));
        float before = get(at(previous, r * previousRowStride + j));
        float dh =
            get(at(through, r * throughRowStride + j))
                + get(at(upstream, r * upstreamRowStride + j));
        float dc = derivative(TANH, dh * o, y) + get(at(later, state));
        set(at(d, gradient), derivative(SIGMOID, dc * g, i));
        set(at(d, gradient + padded), derivative(SIGMOID, dc * before, f));
        set(at(d, gradient + 2L * padded), derivative(SIGMOID, dh * y, o));
        set(at(d, gradient + 3L * padded), derivative(TANH, dc * i, g));
        set(at(later, state), dc * f);
      }
    }
  }
}
