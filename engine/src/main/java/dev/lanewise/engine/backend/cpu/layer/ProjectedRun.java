package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs that are one layer's: the first reads what that does, the last gives what it gives. */
final class ProjectedRun implements LayerRun {
  private final LayerRun[] parts;
  private final LayerRun first;
  private final LayerRun last;

  ProjectedRun(List<LayerRun> parts) {
    this.parts = parts.toArray(LayerRun[]::new);
    first = parts.getFirst();
    last = parts.getLast();
  }

  @Override
  public Matrix[] inputs() {
    return first.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return last.outputs();
  }

  @Override
  public Matrix[] outputGradients() {
    return last.outputGradients();
  }

  @Override
  public @Nullable StepMask mask() {
    return first.mask();
  }

  @Override
  public void forward(Pass pass) {
    for (LayerRun part : parts) {
      part.forward(pass);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int i = parts.length - 1; i >= 0; i--) {
      parts[i].backward(pass);
    }
  }
}
