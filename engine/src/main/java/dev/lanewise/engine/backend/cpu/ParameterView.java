package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Tensor;

/**
 * One of Keras's arrays within a {@link CpuParameter}: some of its rows, without padding.
 *
 * @param parameter the weights that hold it
 * @param firstRow its first row there
 * @param rows its rows
 */
record ParameterView(CpuParameter parameter, int firstRow, int rows) {
  /** Returns a copy of the rows of {@code tensor}, which is shaped like the parameter. */
  float[] read(Tensor tensor) {
    int columns = parameter.columns();
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        values[r * columns + c] = tensor.get(firstRow + r, c);
      }
    }
    return values;
  }

  /** Sets the rows of {@code tensor}, which is shaped like the parameter. */
  void write(Tensor tensor, float[] values) {
    int columns = parameter.columns();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        tensor.set(firstRow + r, c, values[r * columns + c]);
      }
    }
  }

  /** Sets the rows of {@code tensor} to zero. */
  void clear(Tensor tensor) {
    write(tensor, new float[Math.multiplyExact(rows, parameter.columns())]);
  }
}
