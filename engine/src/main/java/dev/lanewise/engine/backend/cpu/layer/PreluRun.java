package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** A {@link CpuPrelu} at work; at 0 it has no slope, as in Keras. */
final class PreluRun implements LayerRun {
  private final CpuPrelu layer;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  PreluRun(CpuPrelu layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
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

  private int column(int c) {
    return layer.alpha.columns() == 1 ? 0 : c;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float x = inputs[p].get(r, c);
          float y = x > 0 ? x : layer.alpha.get(layer.places[p], column(c)) * x;
          outputs[p].set(r, c, y);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    if (layer.alphaGradients.length > 0) {
      Matrix gradient = layer.alphaGradients[pass.shard()];
      kernels.fill(gradient.rows(), layer.zeros, gradient);
      for (int p = 0; p < outputs.length; p++) {
        addSlopes(p, pass.rows(), gradient);
      }
    }
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float x = inputs[p].get(r, c);
          float below = x == 0 ? 0 : layer.alpha.get(layer.places[p], column(c));
          inputGradients[p].set(r, c, outputGradients[p].get(r, c) * (x > 0 ? 1 : below));
        }
      }
    }
  }

  private void addSlopes(int p, int rows, Matrix gradient) {
    int place = layer.places[p];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < outputs[p].columns(); c++) {
        float share = Math.min(0, inputs[p].get(r, c)) * outputGradients[p].get(r, c);
        gradient.set(place, column(c), gradient.get(place, column(c)) + share);
      }
    }
  }
}
