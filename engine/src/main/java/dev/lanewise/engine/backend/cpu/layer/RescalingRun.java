package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** {@link Rescaling} at work. */
public final class RescalingRun implements LayerRun {
  private final CheckedKernels kernels;
  private final ConstantRow scale;
  private final ConstantRow offset;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public RescalingRun(Rescaling layer, RunContext context, Signals signals) {
    kernels = context.kernels();
    scale = new ConstantRow(context, signals.width(), (float) layer.scale());
    offset = new ConstantRow(context, signals.width(), (float) layer.offset());
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
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      kernels.start(pass.rows(), offset.matrix(), outputs[p]);
      kernels.elements().multiplyAdd(0, pass.rows(), inputs[p], scale.matrix(), outputs[p]);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      Matrix dy = outputGradients[p];
      kernels.elements().multiply(0, pass.rows(), dy, scale.matrix(), inputGradients[p]);
    }
  }
}
