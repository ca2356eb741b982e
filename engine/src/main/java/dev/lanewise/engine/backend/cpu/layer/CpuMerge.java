package dev.lanewise.engine.backend.cpu.layer;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A layer without weights that makes one value of several. */
@FunctionalInterface
public interface CpuMerge extends WeightlessLayer {
  @Override
  LayerRun runOn(RunContext context, List<LayerRun> below);

  @Override
  default LayerRun run(RunContext context, @Nullable LayerRun below) {
    return runOn(context, List.of(Objects.requireNonNull(below, "samples are a run's outputs")));
  }
}
