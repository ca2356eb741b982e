package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * {@link dev.lanewise.engine.layer.RepeatVector} at work: its steps are one and the same vector.
 */
public final class RepeatRun implements LayerRun {
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public RepeatRun(int times, RunContext context, Signals signals) {
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = new Matrix[times];
    Arrays.fill(outputs, inputs[0]);
    outputGradients = context.gradientSignals(times, signals.width());
  }

  @Override
  public void layOut(int rows) {
    Arrays.fill(outputs, inputs[0]);
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
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length > 0) {
      kernels.start(pass.rows(), outputGradients[0], inputGradients[0]);
      for (int p = 1; p < outputGradients.length; p++) {
        kernels.elements().add(pass.rows(), outputGradients[p], inputGradients[0]);
      }
    }
  }
}
