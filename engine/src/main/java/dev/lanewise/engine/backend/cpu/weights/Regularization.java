package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Regularizer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The penalties on weights that are trained, which alone have any in Keras 3. Tasks take the sums
 * of rows and add to the rows' gradients; one thread then adds the sums up, rows in order,
 * parameters in Keras's order. Rows are the unit as in {@link NormClipping}, and for its reasons.
 */
final class Regularization {
  private final List<Penalized> penalized = new ArrayList<>();
  private final IdentityHashMap<CpuParameter, Rows> rows = new IdentityHashMap<>();

  /** One of Keras's arrays that has a penalty. */
  private record Penalized(ParameterView view, Regularizer rule) {}

  /** By row of a parameter. */
  private static final class Rows {
    final Regularizer[] rules;
    final double[] magnitudes;
    final double[] squares;

    Rows(int count) {
      rules = new Regularizer[count];
      magnitudes = new double[count];
      squares = new double[count];
    }
  }

  private Regularization(List<ParameterView> views, List<ParameterSpec> specs) {
    for (int i = 0; i < views.size(); i++) {
      ParameterView view = views.get(i);
      Regularizer rule = specs.get(i).regularizer();
      if (!rule.equals(Regularizer.NONE)) {
        penalized.add(new Penalized(view, rule));
        Rows of = rows.computeIfAbsent(view.parameter(), each -> new Rows(each.rows()));
        for (int row = view.firstRow(); row < view.firstRow() + view.rows(); row++) {
          of.rules[row] = rule;
        }
      }
    }
  }

  /** Returns the penalties of a model, null if it has none. */
  static @Nullable Regularization of(List<ParameterView> views, List<ParameterSpec> specs) {
    Regularization regularization = new Regularization(views, specs);
    return regularization.penalized.isEmpty() ? null : regularization;
  }

  /** Takes the sums of one block's rows. */
  void measure(CpuParameter parameter, int block, CheckedKernels kernels) {
    Rows of = rows.get(parameter);
    if (of != null) {
      parameter.measure(block, kernels, of.rules, of.magnitudes, of.squares);
    }
  }

  /** Adds the penalty's gradient to one block's summed gradient. */
  void addGradient(CpuParameter parameter, int block, CheckedKernels kernels) {
    Rows of = rows.get(parameter);
    if (of != null) {
      parameter.penalize(block, kernels, of.rules);
    }
  }

  /** Returns the penalty of the weights that all blocks were measured with. */
  double penalty() {
    double all = 0;
    for (int i = 0; i < penalized.size(); i++) {
      ParameterView view = penalized.get(i).view;
      Rows of = rows.get(view.parameter());
      double magnitudes = 0;
      double squares = 0;
      for (int row = view.firstRow(); of != null && row < view.firstRow() + view.rows(); row++) {
        magnitudes += of.magnitudes[row];
        squares += of.squares[row];
      }
      all += penalized.get(i).rule.l1() * magnitudes + penalized.get(i).rule.l2() * squares;
    }
    return all;
  }
}
