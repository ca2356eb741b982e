package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.tensor.Matrix;

/** {@link Clip} at work. */
final class ClipRun implements LayerRun {
  private static final float HALF = 0.5f;

  private final float least;
  private final float most;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  ClipRun(Clip layer, RunContext context, Signals signals) {
    least = (float) layer.least();
    most = (float) layer.most();
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
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          outputs[p].set(r, c, Math.min(Math.max(inputs[p].get(r, c), least), most));
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float share = share(inputs[p].get(r, c));
          inputGradients[p].set(r, c, outputGradients[p].get(r, c) * share);
        }
      }
    }
  }

  private float share(float x) {
    float above = x > least ? 1 : x == least ? HALF : 0;
    float below = x < most ? 1 : x == most ? HALF : 0;
    return above * below;
  }
}
