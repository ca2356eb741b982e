package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.Weights;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
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

  /**
   * Takes the memory of a run of a layer that may read several values.
   *
   * @param below the runs whose outputs they are, in the layer's order
   */
  default LayerRun runOn(RunContext context, List<LayerRun> below) {
    if (below.size() != 1) {
      throw new IllegalStateException("a layer of one input has " + below.size());
    }
    return run(context, below.getFirst());
  }

  /** Returns the states that the layer keeps from batch to batch, a row for each place in one. */
  default List<Tensor> keptStates() {
    return List.of();
  }

  /** Returns whether this layer, as the first, makes use of blank steps before the others. */
  default boolean passesOverBlankLead() {
    return false;
  }
}
