package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import java.util.List;

/** A layer without weights: nothing but its runs. */
@FunctionalInterface
interface WeightlessLayer extends CpuLayer {
  @Override
  default List<CpuParameter> parameters() {
    return List.of();
  }

  @Override
  default List<ParameterView> views() {
    return List.of();
  }
}
