package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** The product of two signals, summed over an axis of each. */
final class ReferenceDot implements ReferenceMerge {
  private final Dot layer;
  private final Shape[] shapes;
  private Signal first = Signal.zeros(1, 1, 1);
  private Signal second = Signal.zeros(1, 1, 1);

  ReferenceDot(Dot layer, List<Shape> shapes) {
    this.layer = layer;
    this.shapes = shapes.toArray(new Shape[0]);
  }

  /**
   * Takes an element of a sample: which vector it is of, and where, and where the sample has it.
   */
  private interface Visitor {
    void at(int vector, int place, int position, int column);
  }

  /** Goes over an input's elements in their order, sizes counted like the digits of a number. */
  private void visit(int input, Visitor visitor) {
    Shape shape = shapes[input];
    int summed = layer.summed(input, shape);
    int[] index = new int[shape.rank()];
    for (int at = 0; at < shape.elementCount(); at++) {
      int vector = 0;
      for (int axis = 0; axis < index.length; axis++) {
        vector = axis == summed ? vector : vector * shape.size(axis) + index[axis];
      }
      visitor.at(vector, index[summed], at / shape.size(-1), at % shape.size(-1));
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.size(axis); axis--) {
        index[axis] = 0;
      }
    }
  }

  /** Returns a sample's vectors along the axis that is summed over, [left][summed]. */
  private double[][] vectors(int input, Signal x, int n) {
    int sum = shapes[input].size(layer.summed(input, shapes[input]));
    double[][] vectors = new double[(int) shapes[input].elementCount() / sum][sum];
    visit(input, (v, k, position, column) -> vectors[v][k] = x.at()[position][n][column]);
    return vectors;
  }

  private double[][] scaled(double[][] vectors) {
    double[][] all = new double[vectors.length][];
    for (int i = 0; i < all.length; i++) {
      double length = layer.normalize() ? length(vectors[i]) : 1;
      all[i] = java.util.Arrays.stream(vectors[i]).map(v -> v / length).toArray();
    }
    return all;
  }

  private static double length(double[] vector) {
    return Math.sqrt(java.util.Arrays.stream(vector).map(v -> v * v).sum());
  }

  @Override
  public Signal merge(List<Signal> read) {
    first = read.get(0);
    second = read.get(1);
    Shape output = layer.mergedShape(List.of(shapes));
    int width = output.size(-1);
    Signal y = Signal.zeros(output.positions(), first.samples(), width);
    for (int s = 0; s < first.samples(); s++) {
      double[][] x = scaled(vectors(0, first, s));
      double[][] z = scaled(vectors(1, second, s));
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < z.length; j++) {
          for (int k = 0; k < x[i].length; k++) {
            int at = i * z.length + j;
            y.at()[at / width][s][at % width] += x[i][k] * z[j][k];
          }
        }
      }
    }
    return y;
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    Signal dFirst = Signal.zeros(first.positions(), first.samples(), first.width());
    Signal dSecond = Signal.zeros(second.positions(), second.samples(), second.width());
    for (int s = 0; s < first.samples(); s++) {
      double[][] x = scaled(vectors(0, first, s));
      double[][] z = scaled(vectors(1, second, s));
      double[][] dx = new double[x.length][x[0].length];
      double[][] dz = new double[z.length][z[0].length];
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < z.length; j++) {
          int at = i * z.length + j;
          double d = dy.at()[at / dy.width()][s][at % dy.width()];
          for (int k = 0; k < x[i].length; k++) {
            dx[i][k] += d * z[j][k];
            dz[j][k] += d * x[i][k];
          }
        }
      }
      leave(0, dx, x, vectors(0, first, s), dFirst, s);
      leave(1, dz, z, vectors(1, second, s), dSecond, s);
    }
    return List.of(dFirst, dSecond);
  }

  private void leave(int input, double[][] d, double[][] unit, double[][] raw, Signal to, int s) {
    visit(
        input,
        (v, k, position, column) -> {
          double along = 0;
          for (int other = 0; layer.normalize() && other < d[v].length; other++) {
            along += d[v][other] * unit[v][other];
          }
          double length = layer.normalize() ? length(raw[v]) : 1;
          to.at()[position][s][column] = (d[v][k] - along * unit[v][k]) / length;
        });
  }
}
