package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.tensor.Matrix;

/** A last state of a walk as a value that others read; the walk does all the work. */
final class StateRun implements LayerRun {
  private final Matrix[] value;
  private final Matrix[] gradient;

  StateRun(RunContext context, Matrix... state) {
    value = state.clone();
    gradient = context.gradientSignals(state.length, state[0].columns());
  }

  /** Looks at where the state lies now. */
  void look(Matrix state) {
    value[0] = state;
  }

  @Override
  public Matrix[] inputs() {
    return value;
  }

  @Override
  public Matrix[] outputs() {
    return value;
  }

  @Override
  public Matrix[] outputGradients() {
    return gradient;
  }

  @Override
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {}
}
