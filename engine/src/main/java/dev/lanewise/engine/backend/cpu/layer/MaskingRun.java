package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.RowValues;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** {@link Masking} at work: it makes the mask, and zeros of what is masked and is none. */
public final class MaskingRun implements LayerRun {
  private final CheckedKernels kernels;
  private final float value;
  private final StepMask mask;
  private final Matrix zeros;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /**
   * Takes the memory.
   *
   * @param zeros a row of zeros as wide as a step
   */
  public MaskingRun(Masking layer, Matrix zeros, RunContext context, Signals signals) {
    this.zeros = zeros;
    kernels = context.kernels();
    value = (float) layer.maskValue();
    mask = new StepMask(signals.positions(), context.rows());
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    boolean own = signals.below() == null; // nobody else looks at the samples
    outputs = own ? inputs : context.signals("outputs", signals.positions(), signals.width());
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

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    mask.begin(rows);
    for (int t = 0; t < inputs.length; t++) {
      for (int row = 0; row < rows; row++) {
        if (!RowValues.areAll(inputs[t], row, value)) {
          mask.use(t, row);
        }
      }
      if (outputs[t] != inputs[t]) {
        kernels.copy(rows, inputs[t], outputs[t]);
      }
      if (value != 0) {
        clearMasked(t, rows, outputs[t]);
      }
    }
  }

  private void clearMasked(int t, int rows, Matrix step) {
    for (int from = mask.nextMasked(t, 0); from < rows; ) {
      int to = mask.nextUsed(t, from);
      kernels.start(from, to - from, zeros, step);
      from = mask.nextMasked(t, to);
    }
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    for (int t = 0; t < inputGradients.length; t++) {
      kernels.copy(rows, outputGradients[t], inputGradients[t]);
      clearMasked(t, rows, inputGradients[t]);
    }
  }
}
