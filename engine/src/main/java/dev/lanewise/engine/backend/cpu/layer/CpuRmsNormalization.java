package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link RmsNormalization} on the CPU. */
public final class CpuRmsNormalization implements CpuLayer {
  final double epsilon;
  final Matrix scale;
  final Matrix[] scaleGradients;
  final Matrix zeros;
  private final Shape input;
  private final CpuParameter weights;

  /** Takes the weights' memory. */
  public CpuRmsNormalization(LayerContext context, RmsNormalization layer, Shape input) {
    this.input = input;
    epsilon = layer.epsilon();
    weights = context.parameter("scale", 1, input.size(-1));
    scale = weights.matrix();
    scaleGradients = weights.shardGradients();
    zeros = context.zeroRow(input.size(-1));
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new RmsNormalizationRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return List.of(weights);
  }

  @Override
  public List<ParameterView> views() {
    return List.of(ParameterView.of(weights));
  }
}
