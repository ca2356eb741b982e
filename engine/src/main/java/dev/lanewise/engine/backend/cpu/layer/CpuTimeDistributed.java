package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.lanewise.engine.layer.TimeDistributed} of a layer that sees more than the last size:
 * the steps of a sample are samples of the wrapped layer, which so has one gradient a shard, summed
 * over all of them in their order. Several values are taken apart alike.
 */
public final class CpuTimeDistributed implements CpuLayer {
  final int steps;
  final CpuLayer layer;
  final List<Shape> inputs;

  /**
   * Takes the weights' memory.
   *
   * @param wrapped makes the wrapped layer, of so many more rows
   * @param inputs the shapes of what is read
   */
  public CpuTimeDistributed(
      LayerContext context, Function<LayerContext, CpuLayer> wrapped, List<Shape> inputs) {
    this.inputs = inputs;
    steps = inputs.getFirst().size(0);
    layer = wrapped.apply(context.times(steps));
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new TimeDistributedRun(this, context, below == null ? List.of() : List.of(below));
  }

  @Override
  public LayerRun runOn(RunContext context, List<LayerRun> below) {
    return new TimeDistributedRun(this, context, below);
  }

  @Override
  public List<CpuParameter> parameters() {
    return layer.parameters();
  }

  @Override
  public List<ParameterView> views() {
    return layer.views();
  }
}
