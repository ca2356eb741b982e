package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.UnitNormalization;
import org.jspecify.annotations.Nullable;

/**
 * {@link UnitNormalization} at work; a vector's sums are in double, its elements in ascending
 * order.
 */
public final class UnitNormalizationRun extends BetweenRun {
  private static final double MOST = 1e12;

  private final CheckedKernels kernels;
  private final Groups groups;
  private final @Nullable StepMask mask;

  // Of the vector at hand.
  private final float[] x;
  private final float[] y;
  private final float[] dy;

  public UnitNormalizationRun(UnitNormalization layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    kernels = context.kernels();
    groups = Groups.along(layer.axes(signals.shape()), signals.shape());
    x = new float[groups.size()];
    y = new float[groups.size()];
    dy = new float[groups.size()];
    mask = signals.mask();
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += (double) a[c] * b[c];
    }
    return sum;
  }

  private double factor() {
    return Math.min(1 / Math.sqrt(dot(x, x)), MOST);
  }

  @Override
  public void forward(Pass pass) {
    for (int g = 0; g < groups.count(); g++) {
      for (int r = 0; r < pass.rows(); r++) {
        groups.read(inputs, r, g, x);
        double factor = factor();
        for (int c = 0; c < x.length; c++) {
          y[c] = (float) (x[c] * factor);
        }
        groups.write(y, kernels, outputs, r, g);
      }
    }
  }

  /** Of what lies along the vector nothing goes back, unless the factor is at its limit. */
  @Override
  public void backward(Pass pass) {
    for (int g = 0; inputGradients.length > 0 && g < groups.count(); g++) {
      for (int r = 0; r < pass.rows(); r++) {
        groups.read(inputs, r, g, x);
        groups.read(outputs, r, g, y);
        groups.read(outputGradients, r, g, dy);
        double factor = factor();
        double along = factor < MOST ? dot(dy, y) : 0;
        for (int c = 0; c < x.length; c++) {
          x[c] = (float) ((dy[c] - along * y[c]) * factor);
        }
        groups.write(x, kernels, inputGradients, r, g);
      }
    }
  }
}
