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
  private final LayerRun inner;

  ProjectedRun(List<LayerRun> parts) {
    this(parts, parts.getLast());
  }

  /** Takes runs of which one gives what the layer gives beside its outputs. */
  ProjectedRun(List<LayerRun> parts, LayerRun inner) {
    this.parts = parts.toArray(LayerRun[]::new);
    this.inner = inner;
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
  public LayerRun output(int index) {
    return index == 0 ? this : inner.output(index);
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
