package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;

/** A row of one value. */
public final class ConstantRow {
  private final Matrix row;
  private final float value;

  public ConstantRow(RunContext context, int width, float value) {
    row = context.matrix("row of one value", 1, width).matrix();
    this.value = value;
  }

  /** Returns it, [1, width]; written when it is asked for, since a plan's size is counted first. */
  public Matrix matrix() {
    if (row.get(0, 0) != value) {
      for (int column = 0; column < row.columns(); column++) {
        row.set(0, column, value);
      }
    }
    return row;
  }
}
