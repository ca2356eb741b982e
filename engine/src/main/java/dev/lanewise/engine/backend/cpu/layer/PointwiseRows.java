package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Pointwise.Operation;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link Pointwise} on one row of one position at a time. What is masked is no factor, and no
 * largest or smallest; a product of nothing is 0, and of nothing the first is the largest.
 */
final class PointwiseRows {
  private final Operation operation;
  private final MergedValues inputs;
  private final @Nullable MergedMasks masks;
  private final @Nullable StepMask united;
  private final float[] y;
  private final float[] x;
  private final float[] slope;

  /**
   * Takes what is there.
   *
   * @param masks those that are heeded
   * @param united what they become
   */
  PointwiseRows(
      Operation operation,
      MergedValues inputs,
      @Nullable MergedMasks masks,
      @Nullable StepMask united,
      int width) {
    this.operation = operation;
    this.inputs = inputs;
    this.masks = masks;
    this.united = united;
    y = new float[width];
    x = new float[width];
    slope = new float[width];
  }

  private boolean uses(int input, int p, int r) {
    return masks == null || masks.uses(input, p, r);
  }

  /** Returns the first input that counts; the very first if none does. */
  private int first(int p, int r) {
    int input = 0;
    while (input < inputs.count() && !uses(input, p, r)) {
      input++;
    }
    return input == inputs.count() ? 0 : input;
  }

  private void read(int input, int p, int r, float[] to) {
    Matrix[] value = inputs.of(input);
    RowArrays.read(value[value.length == 1 ? 0 : p], r, to);
  }

  /** Sets a row of the outputs. */
  void merge(int p, int r, Matrix output) {
    int first = first(p, r);
    read(first, p, r, y);
    for (int i = first + 1; i < inputs.count(); i++) {
      if (uses(i, p, r)) {
        read(i, p, r, x);
        switch (operation) {
          case ADD, AVERAGE -> RowArrays.add(x, y);
          case SUBTRACT -> RowArrays.subtract(x, y);
          case MULTIPLY -> RowArrays.multiply(x, y);
          case MAXIMUM -> RowArrays.maximum(x, y);
          case MINIMUM -> RowArrays.minimum(x, y);
        }
      }
    }
    if (operation == Operation.AVERAGE) {
      RowArrays.divide(inputs.count(), y);
    } else if (operation == Operation.MULTIPLY && isNothing(p, r)) {
      Arrays.fill(y, 0);
    }
    output.setRow(r, y);
  }

  private boolean isNothing(int p, int r) {
    return masks != null && united != null && !united.uses(p, r);
  }

  /**
   * Sets a row of the gradient by an input, or adds to it.
   *
   * @param adds whether another position has left its part there
   */
  void goBack(int input, int p, int r, boolean adds, Matrix output, Matrix dy, Matrix dx) {
    dy.copyRow(r, slope);
    switch (operation) {
      case ADD -> {}
      case AVERAGE -> RowArrays.multiply(1f / inputs.count(), slope);
      case SUBTRACT -> RowArrays.multiply(input == 0 ? 1 : -1, slope);
      case MULTIPLY -> multiplyByOthers(input, p, r);
      case MAXIMUM, MINIMUM -> leaveWhereFirst(input, p, r, output);
    }
    RowArrays.leave(slope, adds, dx, r, x);
  }

  private void multiplyByOthers(int input, int p, int r) {
    if (!uses(input, p, r)) {
      Arrays.fill(slope, 0);
      return;
    }
    for (int i = 0; i < inputs.count(); i++) {
      if (i != input && uses(i, p, r)) {
        read(i, p, r, x);
        RowArrays.multiply(x, slope);
      }
    }
  }

  /** Leaves the gradient where an input is the first to be the largest, or the smallest. */
  private void leaveWhereFirst(int input, int p, int r, Matrix output) {
    int first = first(p, r);
    if (input != first && (input < first || !uses(input, p, r))) {
      Arrays.fill(slope, 0);
      return;
    }
    output.copyRow(r, y);
    for (int i = first; i < input; i++) {
      if (uses(i, p, r)) {
        read(i, p, r, x);
        RowArrays.clearWhereEqual(x, y, slope);
      }
    }
    read(input, p, r, x);
    RowArrays.clearWhereApart(x, y, slope);
  }
}
