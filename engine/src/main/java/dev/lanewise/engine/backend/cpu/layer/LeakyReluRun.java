package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** {@link LeakyRelu} at work. A slope of 0 or more leaves the sign: it tells the derivative. */
public final class LeakyReluRun implements LayerRun {
  private final CheckedKernels kernels;
  private final float slope;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public LeakyReluRun(LeakyRelu layer, RunContext context, Signals signals) {
    kernels = context.kernels();
    slope = (float) layer.negativeSlope();
    mask = signals.mask();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), signals.width());
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
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
    for (int p = 0; p < outputs.length; p++) {
      kernels.copy(pass.rows(), inputs[p], outputs[p]);
      kernels.elements().leakyRelu(pass.rows(), slope, outputs[p]);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      kernels.elements().leakyReluDerivative(pass.rows(), slope, outputGradients[p], outputs[p]);
      kernels.copy(pass.rows(), outputGradients[p], inputGradients[p]);
    }
  }
}
