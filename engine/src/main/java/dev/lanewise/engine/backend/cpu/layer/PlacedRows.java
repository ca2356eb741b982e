package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * Numbers of which there is one for each place along some axes, as a row a position that is as wide
 * as a vector, so that kernels take them whatever the axes: where the last axis is not among them,
 * a row has one number throughout.
 */
final class PlacedRows {
  private final AxisPlaces places;
  private final boolean spread;
  private final Matrix[] rows;

  /**
   * Takes memory.
   *
   * @param width the width of a vector
   */
  PlacedRows(String label, AxisPlaces places, RunContext context, int width) {
    this.places = places;
    spread = places.columns() < width;
    rows = rowsOf(context.matrix(label, places.rows(), width).matrix());
  }

  /** Returns each row by itself. */
  static Matrix[] rowsOf(Matrix all) {
    Matrix[] rows = new Matrix[all.rows()];
    Arrays.setAll(rows, r -> all.rows(r, 1));
    return rows;
  }

  void set(int place, float number) {
    Matrix row = rows[place / places.columns()];
    if (!spread) {
      row.set(0, place % places.columns(), number);
      return;
    }
    for (int c = 0; c < row.columns(); c++) {
      row.set(0, c, number);
    }
  }

  float get(int place) {
    return rows[place / places.columns()].get(0, place % places.columns());
  }

  Matrix at(int position) {
    return rows[places.row(position)];
  }
}
