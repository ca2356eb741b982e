package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a run that takes its own place between two layers.
 *
 * @param below the run that they are the outputs of, absent for the first
 * @param context takes memory
 * @param shape the shape of one sample
 */
public record Signals(@Nullable LayerRun below, RunContext context, Shape shape) {
  int positions() {
    return shape.positions();
  }

  int width() {
    return shape.size(-1);
  }

  /** Returns the outputs of the layer below, or room for samples. */
  public Matrix[] inputs() {
    return below == null ? context.signals("inputs", positions(), width()) : below.outputs();
  }

  /** Returns which steps of the inputs count; null where all do. */
  public @Nullable StepMask mask() {
    return below == null ? null : below.mask();
  }

  /** Returns where the gradient by the inputs goes; none where nobody asks for it. */
  public Matrix[] inputGradients() {
    return below == null ? new Matrix[0] : below.outputGradients();
  }
}
