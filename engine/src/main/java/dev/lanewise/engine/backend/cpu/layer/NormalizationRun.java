package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** {@link dev.lanewise.engine.layer.Normalization} at work. */
final class NormalizationRun implements LayerRun {
  private final CpuNormalization layer;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;

  /** What is added first, the negative mean, or last, the mean; a row a step or for all steps. */
  private final Matrix[] shifts;

  private final Matrix[] factors;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  NormalizationRun(CpuNormalization layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
    mask = signals.mask();
    shifts = rows(context, "means", signals.width());
    factors = rows(context, "factors", signals.width());
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), signals.width());
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
  }

  private Matrix[] rows(RunContext context, String label, int width) {
    Matrix[] rows = new Matrix[layer.rows()];
    for (int step = 0; step < rows.length; step++) {
      rows[step] = context.matrix(label, 1, width).matrix();
    }
    return rows;
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
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  /** The weights may have been set since the last time. */
  private void lookUp() {
    for (int step = 0; step < shifts.length; step++) {
      for (int c = 0; c < shifts[step].columns(); c++) {
        float mean = layer.mean(step, c);
        float deviation = layer.deviation(step, c);
        shifts[step].set(0, c, layer.inverts() ? mean : -mean);
        factors[step].set(0, c, layer.inverts() ? deviation : 1 / deviation);
      }
    }
  }

  @Override
  public void forward(Pass pass) {
    lookUp();
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      int step = shifts.length == 1 ? 0 : p;
      kernels.start(rows, shifts[step], outputs[p]);
      if (layer.inverts()) {
        kernels.elements().multiplyAdd(0, rows, inputs[p], factors[step], outputs[p]);
      } else {
        kernels.elements().add(rows, inputs[p], outputs[p]);
        kernels.elements().multiply(0, rows, outputs[p], factors[step], outputs[p]);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      Matrix factor = factors[factors.length == 1 ? 0 : p];
      kernels.elements().multiply(0, pass.rows(), outputGradients[p], factor, inputGradients[p]);
    }
  }
}
