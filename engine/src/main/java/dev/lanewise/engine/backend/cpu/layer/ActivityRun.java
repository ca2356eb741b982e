package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * {@link ActivityRegularization} at work: gives on what it reads, and tells what that costs each
 * sample, summed in double in the order of its elements.
 */
public final class ActivityRun implements LayerRun {
  private final CheckedKernels kernels;
  private final Regularizer rule;
  private final @Nullable StepMask mask;
  private final Matrix[] values;
  private final Matrix[] inputGradients;
  private final Matrix[] outputGradients;
  private final double[] penalties;

  public ActivityRun(ActivityRegularization layer, RunContext context, Signals signals) {
    kernels = context.kernels();
    rule = layer.regularizer();
    mask = signals.mask();
    values = signals.inputs();
    inputGradients = signals.inputGradients();
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
    penalties = new double[context.training() ? context.rows() : 0];
  }

  @Override
  public Matrix[] inputs() {
    return values;
  }

  @Override
  public Matrix[] outputs() {
    return values;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  /** Returns what a row that went forward last adds to its sample's loss. */
  public double penalty(int row) {
    return penalties[row];
  }

  @Override
  public void forward(Pass pass) {
    for (int r = 0; r < Math.min(pass.rows(), penalties.length); r++) {
      double magnitudes = 0;
      double squares = 0;
      for (Matrix x : values) {
        for (int c = 0; c < x.columns(); c++) {
          double value = x.get(r, c);
          magnitudes += Math.abs(value);
          squares += value * value;
        }
      }
      penalties[r] = rule.l1() * magnitudes + rule.l2() * squares;
    }
  }

  /** Adds the slope, the batch's part of it, to what comes from above. */
  @Override
  public void backward(Pass pass) {
    float l1 = (float) (rule.l1() / pass.batchSize());
    float l2 = (float) (2 * rule.l2() / pass.batchSize());
    for (int p = 0; p < inputGradients.length; p++) {
      Matrix x = values[p];
      Matrix dy = outputGradients[p];
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < x.columns(); c++) {
          float value = x.get(r, c);
          dy.set(r, c, Math.fma(l2, value, Math.fma(l1, Math.signum(value), dy.get(r, c))));
        }
      }
      kernels.copy(pass.rows(), dy, inputGradients[p]);
    }
  }
}
