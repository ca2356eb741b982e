package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link LayerNormalization} on the CPU. */
public final class CpuLayerNormalization implements CpuLayer {
  final double epsilon;
  final @Nullable Matrix gamma;
  final Matrix[] gammaGradients;

  /** What the outputs begin with: beta, or zeros. */
  final Matrix start;

  final Matrix[] betaGradients;
  final Matrix zeros;

  private final Shape input;
  private final List<CpuParameter> parameters;

  /** Takes the weights' memory. */
  public CpuLayerNormalization(LayerContext context, LayerNormalization layer, Shape input) {
    this.input = input;
    epsilon = layer.epsilon();
    int width = input.size(-1);
    CpuParameter scale = layer.scale() ? context.parameter("gamma", 1, width) : null;
    CpuParameter center = layer.center() ? context.parameter("beta", 1, width) : null;
    zeros = context.zeroRow(width);
    gamma = scale == null ? null : scale.matrix();
    gammaGradients = scale == null ? new Matrix[0] : scale.shardGradients();
    start = center == null ? zeros : center.matrix();
    betaGradients = center == null ? new Matrix[0] : center.shardGradients();
    List<CpuParameter> own = new ArrayList<>();
    if (scale != null) {
      own.add(scale);
    }
    if (center != null) {
      own.add(center);
    }
    parameters = List.copyOf(own);
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new LayerNormalizationRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return parameters;
  }

  @Override
  public List<ParameterView> views() {
    return parameters.stream().map(ParameterView::of).toList();
  }
}
