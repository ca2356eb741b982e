package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.tensor.Matrix;

/**
 * {@link dev.lanewise.engine.layer.Permute} of steps and features at work. Element by element: what
 * is a column in one matrix each is a row of them there.
 */
public final class PermuteRun implements LayerRun {
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public PermuteRun(RunContext context, Signals signals) {
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    int steps = signals.positions();
    int features = signals.width();
    outputs = context.signals("outputs", features, steps);
    outputGradients = context.gradientSignals(features, steps);
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
    turn(pass.rows(), inputs, outputs);
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length > 0) {
      turn(pass.rows(), outputGradients, inputGradients);
    }
  }

  private static void turn(int rows, Matrix[] from, Matrix[] to) {
    for (int i = 0; i < from.length; i++) {
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < to.length; j++) {
          to[j].set(r, i, from[i].get(r, j));
        }
      }
    }
  }
}
