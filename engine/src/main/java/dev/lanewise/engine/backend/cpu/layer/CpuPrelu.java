package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Prelu} on the CPU. */
public final class CpuPrelu implements CpuLayer {
  final Matrix alpha;
  final Matrix[] alphaGradients;
  final Matrix zeros;

  /** The row of alpha that each position takes. */
  final int[] places;

  private final Shape input;
  private final CpuParameter slopes;

  /** Takes the weights' memory. */
  public CpuPrelu(LayerContext context, Prelu layer, Shape input) {
    this.input = input;
    Shape shape = layer.alpha(input);
    slopes = context.parameter("alpha", shape.positions(), shape.size(-1));
    alpha = slopes.matrix();
    alphaGradients = slopes.shardGradients();
    zeros = context.zeroRow(shape.size(-1));
    places = ArithmeticRun.places(shape, input);
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new PreluRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return List.of(slopes);
  }

  @Override
  public List<ParameterView> views() {
    return List.of(ParameterView.of(slopes));
  }
}
