package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The values that a run reads that makes one of several. */
final class MergedValues {
  private final Matrix[][] values;
  private final Matrix[][] gradients;

  /** Looks at what other runs leave. */
  MergedValues(List<LayerRun> below) {
    values = new Matrix[below.size()][];
    gradients = new Matrix[below.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = below.get(i).outputs();
      gradients[i] = below.get(i).outputGradients();
    }
  }

  int count() {
    return values.length;
  }

  /** Returns an input, one matrix a position. */
  Matrix[] of(int input) {
    return values[input];
  }

  /** Returns where the gradient by an input goes; none where nobody asks for it. */
  Matrix[] gradients(int input) {
    return gradients[input];
  }

  /** Returns an input's width. */
  int width(int input) {
    return values[input][0].columns();
  }

  /** Puts one sample's positions under one another. */
  static void gather(Matrix[] positions, int row, Matrix steps) {
    gather(positions, row, 0, steps);
  }

  /** Puts some columns of one sample's positions under one another. */
  static void gather(Matrix[] positions, int row, int column, Matrix steps) {
    for (int p = 0; p < positions.length; p++) {
      copyRow(positions[p].address(row, column), steps.address(p, 0), steps.columns());
    }
  }

  /** Puts what lies under one another at one sample's positions. */
  static void scatter(Matrix steps, Matrix[] positions, int row) {
    scatter(steps, positions, row, 0);
  }

  /** Puts what lies under one another at one sample's positions, from a column on. */
  static void scatter(Matrix steps, Matrix[] positions, int row, int column) {
    for (int p = 0; p < positions.length; p++) {
      copyRow(steps.address(p, 0), positions[p].address(row, column), steps.columns());
    }
  }

  /** Adds one sample at as many positions, from one on, to what lies under one another. */
  static void addRows(Matrix[] positions, int from, int row, Matrix steps) {
    for (int p = 0; p < steps.rows(); p++) {
      for (int c = 0; c < steps.columns(); c++) {
        steps.set(p, c, steps.get(p, c) + positions[from + p].get(row, c));
      }
    }
  }

  private static void copyRow(long from, long to, int columns) {
    MemorySegment.copy(
        AddressSpace.SPACE, from, AddressSpace.SPACE, to, (long) columns * Float.BYTES);
  }
}
