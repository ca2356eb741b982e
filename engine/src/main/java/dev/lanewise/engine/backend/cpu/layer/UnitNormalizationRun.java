package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.lanewise.engine.layer.UnitNormalization} at work; a row's sums are in double, its
 * elements in ascending order.
 */
public final class UnitNormalizationRun implements LayerRun {
  private static final double MOST = 1e12;

  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public UnitNormalizationRun(RunContext context, Signals signals) {
    mask = signals.mask();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), signals.width());
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  private static double dot(Matrix x, Matrix y, int row) {
    double sum = 0;
    for (int c = 0; c < x.columns(); c++) {
      sum += (double) x.get(row, c) * y.get(row, c);
    }
    return sum;
  }

  private static double factor(Matrix x, int row) {
    return Math.min(1 / Math.sqrt(dot(x, x, row)), MOST);
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        double factor = factor(inputs[p], r);
        for (int c = 0; c < outputs[p].columns(); c++) {
          outputs[p].set(r, c, (float) (inputs[p].get(r, c) * factor));
        }
      }
    }
  }

  /** Of what lies along the vector nothing goes back, unless the factor is at its limit. */
  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        double factor = factor(inputs[p], r);
        double along = factor < MOST ? dot(outputGradients[p], outputs[p], r) : 0;
        for (int c = 0; c < outputs[p].columns(); c++) {
          double across = outputGradients[p].get(r, c) - along * outputs[p].get(r, c);
          inputGradients[p].set(r, c, (float) (across * factor));
        }
      }
    }
  }
}
