package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import java.util.List;

/** A layer without weights: nothing but its runs. */
@FunctionalInterface
public interface WeightlessLayer extends CpuLayer {
  @Override
  default List<CpuParameter> parameters() {
    return List.of();
  }

  @Override
  default List<ParameterView> views() {
    return List.of();
  }
}
