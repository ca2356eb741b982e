package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.tensor.Matrix;

/** {@link OneHot} at work; ids have no gradient. */
final class OneHotRun implements LayerRun {
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final Matrix zeros;

  OneHotRun(OneHot layer, RunContext context, Signals signals) {
    kernels = context.kernels();
    inputs = signals.inputs();
    int steps = signals.shape().size(0);
    zeros = context.matrix("zeros", 1, layer.classes()).matrix();
    outputs = context.signals("outputs", steps, layer.classes());
    outputGradients = context.gradientSignals(steps, layer.classes());
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
  public void forward(Pass pass) {
    int width = inputs[0].columns(); // ids lie side by side, or one a position
    for (int t = 0; t < outputs.length; t++) {
      kernels.start(pass.rows(), zeros, outputs[t]);
      for (int row = 0; row < pass.rows(); row++) {
        outputs[t].set(row, (int) inputs[t / width].get(row, t % width), 1);
      }
    }
  }

  @Override
  public void backward(Pass pass) {}
}
