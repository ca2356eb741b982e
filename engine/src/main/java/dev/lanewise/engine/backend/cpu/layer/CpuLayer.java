package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A layer's weights on the CPU, shared by any number of {@linkplain LayerRun runs}, each of which
 * is one worker's room for its activations.
 */
public interface CpuLayer extends Weights {
  /**
   * Takes the memory of a run.
   *
   * @param below the run of the layer below, absent for the first layer
   */
  LayerRun run(RunContext context, @Nullable LayerRun below);

  /** Returns whether updates change any of its weights. */
  default boolean isTrained() {
    return parameters().stream().anyMatch(CpuParameter::isTrained);
  }

  /** Returns whether this layer, as the first, makes use of blank steps before the others. */
  default boolean passesOverBlankLead() {
    return false;
  }
}
