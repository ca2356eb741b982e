package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Matrix;

/**
 * Dropout at work. What is dropped is a hash of seed, layer, update, the row's place in the batch,
 * the step and the element: it has no state, is the same for any number of threads, and is found
 * again on the way back.
 */
final class DropoutRun implements LayerRun {
  private final CpuDropout layer;
  private final CheckedKernels kernels;
  private final boolean trains;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  DropoutRun(CpuDropout layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    trains = context.training();
    outputs = trains ? context.signals("outputs", signals.positions(), signals.width()) : inputs;
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
  public void forward(Pass pass) {
    if (pass.training()) {
      drop(pass, inputs, outputs);
    } else if (trains) {
      for (int p = 0; p < outputs.length; p++) {
        kernels.copy(pass.rows(), inputs[p], outputs[p]);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length > 0) {
      drop(pass, outputGradients, inputGradients);
    }
  }

  private void drop(Pass pass, Matrix[] from, Matrix[] to) {
    for (int r = 0; r < pass.rows(); r++) {
      long key = pass.key(layer.index, r);
      for (int p = 0; p < from.length; p++) {
        long step = layer.sameAtAllSteps ? 0 : p;
        int own = (int) SplitMix64.combine(key, step);
        kernels.dropout(r, own, layer.threshold, layer.scale, from[p], to[p]);
      }
    }
  }
}
