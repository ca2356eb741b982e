package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;

/**
 * Gradients that are sums over all rows of a value, one a column or one for all: rows are cut into
 * slices, and these, and columns that become one, are added up in their order. Of weights that do
 * not learn nothing is computed.
 */
final class ColumnSums {
  private static final int MOST_SLICES = 64;
  private static final int SHORTEST_SLICE = 64;

  private final int positions;
  private final int width;
  private final boolean learns;
  private final long gradient;
  private final long partial;
  private final long columns;

  /**
   * Takes room.
   *
   * @param memory where the gradient is
   * @param one whether columns become one number
   */
  ColumnSums(LayerMemory memory, int positions, int width, boolean one) {
    this.positions = positions;
    this.width = width;
    learns = memory.learns();
    gradient = memory.gradient();
    long most = slices(Math.multiplyExact(positions, memory.maximumRows()));
    partial = learns ? memory.arena().allocate("sums of columns", most * width) : 0;
    columns = learns && one ? memory.arena().allocate("sums of columns", width) : 0;
  }

  private static int slices(int rows) {
    return Math.clamp(Math.ceilDiv(rows, SHORTEST_SLICE), 1, MOST_SLICES);
  }

  /** Sums values without gaps. */
  void sum(CudaPass pass, long values) {
    launch(pass, values, values, false);
  }

  /** Sums products of values without gaps, element by element. */
  void sumProducts(CudaPass pass, long values, long others) {
    launch(pass, values, others, true);
  }

  private void launch(CudaPass pass, long values, long others, boolean products) {
    if (!learns) {
      return;
    }
    int rows = pass.rows(positions);
    int slices = slices(rows);
    pass.calls()
        .columns(
            "norm_weights",
            width,
            slices,
            new Arguments()
                .pointer(values)
                .pointer(others)
                .pointer(partial)
                .integer(rows)
                .integer(width)
                .integer(products ? 1 : 0)
                .integer(products ? 0 : 1));
    pass.calls().sumSlices(partial, columns == 0 ? gradient : columns, width, slices);
    if (columns != 0) {
      pass.calls().sumSlices(columns, gradient, 1, width);
    }
  }
}
