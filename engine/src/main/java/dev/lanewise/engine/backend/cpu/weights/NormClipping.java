package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.optimizer.GradientClipping;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * Brings the norms of gradients under a limit: tasks take the squares of rows, one thread turns
 * them into factors, and tasks multiply. Rows are the unit since one matrix of weights may hold
 * several of Keras's arrays, each in rows of its own, and since a row's sum has one order whoever
 * takes it.
 */
final class NormClipping {
  private final GradientClipping rule;
  private final List<ParameterView> views;
  private final IdentityHashMap<CpuParameter, Rows> rows = new IdentityHashMap<>();

  /** By row of a parameter. */
  private static final class Rows {
    final double[] squares;
    final float[] factors;

    Rows(int count) {
      squares = new double[count];
      factors = new float[count];
      Arrays.fill(factors, 1);
    }
  }

  NormClipping(GradientClipping rule, List<ParameterView> views) {
    this.rule = rule;
    this.views = views;
    for (ParameterView view : views) {
      rows.computeIfAbsent(view.parameter(), parameter -> new Rows(parameter.rows()));
    }
  }

  void measure(CpuParameter parameter, int block, CheckedKernels kernels) {
    parameter.squares(block, kernels, of(parameter).squares);
  }

  void scale(CpuParameter parameter, int block, CheckedKernels kernels) {
    parameter.scale(block, kernels, of(parameter).factors);
  }

  /** Turns the squares of all rows into their factors. */
  void decide() {
    boolean together = rule.kind() == GradientClipping.Kind.GLOBAL_NORM;
    double all = 0;
    for (int i = 0; i < views.size(); i++) {
      double squares = squaresOf(views.get(i));
      all += squares;
      if (!together) {
        setFactor(views.get(i), factor(squares));
      }
    }
    for (int i = 0; together && i < views.size(); i++) {
      setFactor(views.get(i), factor(all));
    }
  }

  private double squaresOf(ParameterView view) {
    double[] squares = of(view.parameter()).squares;
    double sum = 0;
    for (int row = view.firstRow(); row < view.firstRow() + view.rows(); row++) {
      sum += squares[row];
    }
    return sum;
  }

  private void setFactor(ParameterView view, float factor) {
    float[] factors = of(view.parameter()).factors;
    Arrays.fill(factors, view.firstRow(), view.firstRow() + view.rows(), factor);
  }

  /** A norm that is no number makes every gradient one: the loss then says so. */
  private float factor(double squares) {
    return (float) (rule.limit() / Math.max(Math.sqrt(squares), rule.limit()));
  }

  private Rows of(CpuParameter parameter) {
    return Objects.requireNonNull(rows.get(parameter), "every parameter has a view");
  }
}
