package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an array becomes that keeps a constraint, in double precision, index by index. */
final class ReferenceConstraint {
  private ReferenceConstraint() {}

  static double[] of(ParameterSpec spec, double[] w) {
    return switch (spec.constraint()) {
      case Constraint.None none -> w.clone();
      case Constraint.NonNeg nonNeg -> {
        double[] kept = w.clone();
        for (int k = 0; k < kept.length; k++) {
          kept[k] = kept[k] > 0 ? kept[k] : 0;
        }
        yield kept;
      }
      case Constraint.MaxNorm max -> {
        double[] norms = norms(spec.shape(), max.axes(), w);
        double[] kept = w.clone();
        for (int k = 0; k < kept.length; k++) {
          kept[k] *= Math.min(norms[k], max.maxValue()) / (1e-7 + norms[k]);
        }
        yield kept;
      }
      case Constraint.UnitNorm unit -> {
        double[] norms = norms(spec.shape(), unit.axes(), w);
        double[] kept = w.clone();
        for (int k = 0; k < kept.length; k++) {
          kept[k] /= 1e-7 + norms[k];
        }
        yield kept;
      }
      case Constraint.MinMaxNorm both -> {
        double[] norms = norms(spec.shape(), both.axes(), w);
        double[] kept = w.clone();
        for (int k = 0; k < kept.length; k++) {
          double clipped = Math.clamp(norms[k], both.minValue(), both.maxValue());
          double desired = both.rate() * clipped + (1 - both.rate()) * norms[k];
          kept[k] *= desired / (1e-7 + norms[k]);
        }
        yield kept;
      }
    };
  }

  /** Returns each element's norm: of those that differ from it along the axes alone. */
  private static double[] norms(Shape shape, List<Integer> axes, double[] w) {
    Map<String, Double> squares = new HashMap<>();
    for (int k = 0; k < w.length; k++) {
      squares.merge(group(shape, axes, k), w[k] * w[k], Double::sum);
    }
    double[] norms = new double[w.length];
    for (int k = 0; k < w.length; k++) {
      norms[k] = Math.sqrt(squares.get(group(shape, axes, k)));
    }
    return norms;
  }

  private static String group(Shape shape, List<Integer> axes, int k) {
    StringBuilder group = new StringBuilder();
    int rest = k;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      boolean along = axes.contains(axis) || axes.contains(axis - shape.rank());
      group.append(along ? "*" : rest % shape.size(axis)).append(' ');
      rest /= shape.size(axis);
    }
    return group.toString();
  }
}
