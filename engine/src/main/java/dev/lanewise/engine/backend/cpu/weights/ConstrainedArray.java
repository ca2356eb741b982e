package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One of Keras's arrays that keeps a {@link Constraint}, where it lies in a parameter. A norm's
 * squares are added in double precision, piece by piece in the order of their places in Keras's
 * array, a piece's rows from the first, a row's columns from the first, by one thread: its bits
 * depend on the layer alone.
 */
final class ConstrainedArray {
  private final Constraint rule;
  private final ParameterView view;
  private final Matrix values;
  private final ParameterView.Piece[] pieces;

  /** An element's norm is the one at the sum of what its row and its column have here. */
  private final int[] ofRow;

  private final int[] ofColumn;

  /** The squares' sums, then what elements are multiplied by. */
  private final double[] norms;

  ConstrainedArray(ParameterView view, Shape shape, Constraint rule) {
    this.rule = rule;
    this.view = view;
    values = view.parameter().matrix();
    List<ParameterView.Piece> sorted = new ArrayList<>(view.pieces());
    sorted.sort(
        Comparator.comparingInt(ParameterView.Piece::atRow)
            .thenComparingInt(ParameterView.Piece::atColumn));
    pieces = sorted.toArray(ParameterView.Piece[]::new);
    if (rule instanceof Constraint.OfNorm norm) {
      int[] strides = new int[shape.rank()];
      norms = new double[strides(shape, norm.axes(), strides)];
      ofRow = places(shape, strides, view.rows(), view.columns());
      ofColumn = places(shape, strides, view.columns(), 1);
    } else {
      norms = new double[0];
      ofRow = new int[0];
      ofColumn = new int[0];
    }
  }

  /** Sets how far a step along each axis leads among norms; returns how many norms there are. */
  private static int strides(Shape shape, List<Integer> axes, int[] strides) {
    int count = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      boolean along = axes.contains(axis) || axes.contains(axis - shape.rank());
      strides[axis] = along ? 0 : count;
      count *= along ? 1 : shape.size(axis);
    }
    return count;
  }

  /** Returns the places among norms of every {@code step}th element of Keras's array. */
  private static int[] places(Shape shape, int[] strides, int count, int step) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      int rest = i * step;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        places[i] += rest % shape.size(axis) * strides[axis];
        rest /= shape.size(axis);
      }
    }
    return places;
  }

  CpuParameter parameter() {
    return view.parameter();
  }

  /** Makes the weights keep the rule; copies of them are then to be renewed. */
  void apply() {
    switch (rule) {
      case Constraint.None none -> {}
      case Constraint.NonNeg nonNeg -> raise();
      case Constraint.OfNorm norm -> scale(norm);
    }
  }

  private void raise() {
    for (ParameterView.Piece p : pieces) {
      for (int row = p.firstRow(); row < p.firstRow() + p.rows(); row++) {
        for (int column = p.firstColumn(); column < p.firstColumn() + p.width(); column++) {
          values.set(row, column, Math.max(values.get(row, column), 0));
        }
      }
    }
  }

  private void scale(Constraint.OfNorm norm) {
    Arrays.fill(norms, 0);
    for (ParameterView.Piece p : pieces) {
      for (int r = 0; r < p.rows(); r++) {
        int first = ofRow[p.atRow() + r];
        for (int c = 0; c < p.width(); c++) {
          double value = values.get(p.firstRow() + r, p.firstColumn() + c);
          norms[first + ofColumn[p.atColumn() + c]] += value * value;
        }
      }
    }
    for (int i = 0; i < norms.length; i++) {
      norms[i] = norm.factor(Math.sqrt(norms[i]));
    }
    for (ParameterView.Piece p : pieces) {
      for (int r = 0; r < p.rows(); r++) {
        int first = ofRow[p.atRow() + r];
        for (int c = 0; c < p.width(); c++) {
          int row = p.firstRow() + r;
          int column = p.firstColumn() + c;
          double factor = norms[first + ofColumn[p.atColumn() + c]];
          values.set(row, column, (float) (values.get(row, column) * factor));
        }
      }
    }
  }
}
