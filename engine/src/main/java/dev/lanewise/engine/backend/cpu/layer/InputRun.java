package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/** The samples as a signal that several readers have, below a first layer. */
public final class InputRun implements LayerRun {
  private final Matrix[] values;

  public InputRun(RunContext context, Shape input) {
    values = new Signals(null, context, input).inputs();
  }

  @Override
  public void layOut(int rows) {
    Positions.join(values, rows);
  }

  @Override
  public Matrix[] inputs() {
    return values;
  }

  @Override
  public Matrix[] outputs() {
    return values;
  }

  @Override
  public Matrix[] outputGradients() {
    return new Matrix[0]; // nobody asks for gradients by samples
  }

  @Override
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {}
}
