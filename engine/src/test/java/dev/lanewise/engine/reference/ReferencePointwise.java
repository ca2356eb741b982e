package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Pointwise.Operation;
import java.util.ArrayList;
import java.util.List;

/** Signals made one element by element; a size of 1 is repeated. */
final class ReferencePointwise implements ReferenceMerge {
  private final Operation operation;
  private final MaskRule rule;
  private List<Signal> inputs = List.of();

  ReferencePointwise(Pointwise layer) {
    operation = layer.operation();
    rule = layer.rule();
  }

  private static int place(int index, int size) {
    return size == 1 ? 0 : index;
  }

  private static double value(Signal x, int p, int n, int c) {
    return x.at()[place(p, x.positions())][n][place(c, x.width())];
  }

  private double[] values(int p, int n, int c) {
    return inputs.stream().mapToDouble(x -> value(x, p, n, c)).toArray();
  }

  private boolean[] uses(int p, int n) {
    boolean[] uses = new boolean[inputs.size()];
    for (int i = 0; i < uses.length; i++) {
      uses[i] =
          rule == MaskRule.KERAS_2 || inputs.get(i).uses(place(p, inputs.get(i).positions()), n);
    }
    return uses;
  }

  @Override
  public Signal merge(List<Signal> read) {
    inputs = read;
    int positions = read.stream().mapToInt(Signal::positions).max().orElseThrow();
    int width = read.stream().mapToInt(Signal::width).max().orElseThrow();
    return Signal.zeros(positions, read.getFirst().samples(), width)
        .map(
            (p, n, row) -> {
              double[] y = new double[row.length];
              for (int c = 0; c < y.length; c++) {
                y[c] = of(values(p, n, c), uses(p, n));
              }
              return y;
            })
        .masked(ReferenceMerge.masked(rule, read));
  }

  /** Keras puts ones for masked factors, and looks for extremes among what counts. */
  private double of(double[] x, boolean[] uses) {
    return switch (operation) {
      case ADD, AVERAGE, SUBTRACT -> of(x);
      case MULTIPLY -> {
        double y = none(uses) && inputs.stream().allMatch(i -> i.used() != null) ? 0 : 1;
        for (int i = 0; i < x.length; i++) {
          y *= uses[i] ? x[i] : 1;
        }
        yield y;
      }
      case MAXIMUM, MINIMUM -> x[extreme(x, uses)];
    };
  }

  private static boolean none(boolean[] uses) {
    for (boolean each : uses) {
      if (each) {
        return false;
      }
    }
    return true;
  }

  private int extreme(double[] x, boolean[] uses) {
    int sign = operation == Operation.MAXIMUM ? 1 : -1;
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      if (uses[i] && (!uses[best] || sign * x[i] > sign * x[best])) {
        best = i;
      }
    }
    return best;
  }

  private double of(double[] x) {
    double y = x[0];
    for (int i = 1; i < x.length; i++) {
      y =
          switch (operation) {
            case ADD, AVERAGE -> y + x[i];
            case SUBTRACT -> y - x[i];
            case MULTIPLY, MAXIMUM, MINIMUM -> throw new IllegalStateException("heeds masks");
          };
    }
    return operation == Operation.AVERAGE ? y / x.length : y;
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    List<Signal> all = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Signal x = inputs.get(i);
      Signal dx = Signal.zeros(x.positions(), x.samples(), x.width());
      for (int p = 0; p < dy.positions(); p++) {
        for (int n = 0; n < dy.samples(); n++) {
          for (int c = 0; c < dy.width(); c++) {
            dx.at()[place(p, x.positions())][n][place(c, x.width())] +=
                dy.at()[p][n][c] * slope(values(p, n, c), uses(p, n), i);
          }
        }
      }
      all.add(dx);
    }
    return all;
  }

  private double slope(double[] x, boolean[] uses, int i) {
    return switch (operation) {
      case ADD -> 1;
      case SUBTRACT -> i == 0 ? 1 : -1;
      case AVERAGE -> 1.0 / x.length;
      case MULTIPLY -> {
        double product = uses[i] ? 1 : 0;
        for (int k = 0; k < x.length; k++) {
          product *= k == i || !uses[k] ? 1 : x[k];
        }
        yield product;
      }
      case MAXIMUM, MINIMUM -> extreme(x, uses) == i ? 1 : 0;
    };
  }
}
