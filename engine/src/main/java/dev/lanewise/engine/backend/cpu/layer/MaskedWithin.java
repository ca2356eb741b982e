package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's outputs as a layer sees them that is called at each step and heeds the masks within.
 *
 * @param run whose outputs they are
 * @param maskWithin which steps of the steps count
 */
public record MaskedWithin(LayerRun run, StepMask maskWithin) implements LayerRun {
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
  public @Nullable StepMask mask() {
    return run.mask();
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
