package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's outputs under another mask than its own, or without one, for a reader that is told to
 * heed another.
 *
 * @param run whose outputs they are
 * @param mask which steps of them count; null where all do
 */
public record UnderMask(LayerRun run, @Nullable StepMask mask) implements LayerRun {
  @Override
  public Matrix[] inputs() {
    return run.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return run.outputs();
  }

  @Override
  public Matrix[] outputGradients() {
    return run.outputGradients();
  }

  @Override
  public List<Matrix> state() {
    return List.of(); // the run's own step has it
  }

  @Override
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {}
}
