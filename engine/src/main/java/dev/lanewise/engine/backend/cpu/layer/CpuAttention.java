package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Attention} and {@link AdditiveAttention} on the CPU. */
public final class CpuAttention implements CpuLayer {
  final boolean causal;
  final int querySteps;
  final int valueSteps;
  final int features;
  final int width;

  /** What sums or products are multiplied by, where there is one: a single number. */
  final @Nullable CpuParameter inner;

  /** What a tanh of sums is multiplied by, where there is one. */
  final @Nullable CpuParameter outer;

  final boolean scoresGiven;
  final int outerColumns;
  final Matrix[] innerGradients;
  final Matrix[] outerGradients;
  private final boolean products;

  private CpuAttention(
      LayerContext context,
      List<Shape> inputs,
      boolean causal,
      boolean scoresGiven,
      boolean products,
      boolean scaled,
      int outerColumns) {
    this.causal = causal;
    this.scoresGiven = scoresGiven;
    this.products = products;
    this.outerColumns = outerColumns;
    querySteps = inputs.get(0).size(0);
    valueSteps = inputs.get(1).size(0);
    features = inputs.get(0).size(1);
    width = inputs.get(1).size(1);
    inner = scaled ? context.parameter("scale", 1, 1) : null;
    outer = outerColumns == 0 ? null : context.parameter("score weights", 1, outerColumns);
    innerGradients = inner == null ? new Matrix[0] : inner.shardGradients();
    outerGradients = outer == null ? new Matrix[0] : outer.shardGradients();
  }

  /** Takes the weights' memory. */
  public static CpuAttention of(LayerContext context, Attention layer, List<Shape> inputs) {
    boolean products = layer.scoreMode() == ScoreMode.DOT;
    return new CpuAttention(
        context,
        inputs,
        layer.causal(),
        layer.scoresGiven(),
        products,
        layer.useScale(),
        products ? 0 : 1);
  }

  /** Takes the weights' memory. */
  public static CpuAttention of(LayerContext context, AdditiveAttention layer, List<Shape> inputs) {
    int weights = layer.useScale() ? inputs.getFirst().size(1) : 0;
    return new CpuAttention(
        context, inputs, layer.causal(), layer.scoresGiven(), false, false, weights);
  }

  Scores scores(RunContext context) {
    return products ? new DotScores(this, context) : new SumScores(this, context);
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    throw new IllegalStateException("attention reads a query and a value");
  }

  @Override
  public LayerRun runOn(RunContext context, List<LayerRun> below) {
    return new AttentionRun(this, context, below);
  }

  @Override
  public List<CpuParameter> parameters() {
    return Stream.of(inner, outer).filter(Objects::nonNull).toList();
  }

  @Override
  public List<ParameterView> views() {
    return parameters().stream().map(ParameterView::of).toList();
  }
}
