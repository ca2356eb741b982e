package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;

/**
 * How the inputs and the state of a step lie side by side in a row: {@code [padding | x | h |
 * padding]}, h at a multiple of 16 columns, so that its vectors are aligned, and x ending just
 * before it, so that both are one operand of a product. The padding is zero.
 */
record JoinedRow(int features, int units) {
  private int stateColumn() {
    return Kernels.padded(features);
  }

  private int inputColumn() {
    return stateColumn() - features;
  }

  private int width() {
    return Math.addExact(stateColumn(), units);
  }

  /** Takes the memory of {@code count} times {@code rows} rows. */
  Tensor tensor(RunContext context, String label, int count, int rows) {
    return context.arena().tensor(label, Shape.of(count, rows, width()), Kernels.stride(width()));
  }

  /** Returns whole rows, aligned. */
  Matrix whole(Tensor values, long first, int rows) {
    return values.matrix(first, rows, 0, width());
  }

  /** Returns [x | h] of some rows. */
  Matrix joined(Tensor values, long first, int rows) {
    return values.matrix(first, rows, inputColumn(), features + units);
  }

  /** Returns x of some rows; whole vectors of it reach into h. */
  Matrix inputs(Tensor values, long first, int rows) {
    return values.matrix(first, rows, inputColumn(), features);
  }

  /** Returns h of some rows. */
  Matrix state(Tensor values, long first, int rows) {
    return values.matrix(first, rows, stateColumn(), units);
  }
}
