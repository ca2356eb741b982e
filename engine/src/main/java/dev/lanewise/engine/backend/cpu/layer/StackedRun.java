package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Values stacked along a new last axis: each element of theirs becomes a position of its own. */
final class StackedRun implements LayerRun {
  private final MergedValues inputs;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  StackedRun(Shape output, RunContext context, List<LayerRun> below) {
    inputs = new MergedValues(below);
    outputs = context.signals("outputs", output.positions(), output.size(-1));
    outputGradients = context.gradientSignals(output.positions(), output.size(-1));
  }

  @Override
  public Matrix[] inputs() {
    return inputs.of(0);
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
    for (int i = 0; i < inputs.count(); i++) {
      Matrix[] x = inputs.of(i);
      int width = inputs.width(i);
      for (int e = 0; e < outputs.length; e++) {
        for (int r = 0; r < pass.rows(); r++) {
          outputs[e].set(r, i, x[e / width].get(r, e % width));
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int i = 0; i < inputs.count(); i++) {
      Matrix[] dx = inputs.gradients(i);
      int width = inputs.width(i);
      for (int e = 0; dx.length > 0 && e < outputs.length; e++) {
        for (int r = 0; r < pass.rows(); r++) {
          dx[e / width].set(r, e % width, outputGradients[e].get(r, i));
        }
      }
    }
  }
}
