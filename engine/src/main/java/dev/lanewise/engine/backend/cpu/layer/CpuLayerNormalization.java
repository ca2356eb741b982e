package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link LayerNormalization} and {@link GroupNormalization} on the CPU. */
public final class CpuLayerNormalization implements CpuLayer {
  final Groups groups;
  final double epsilon;
  final Matrix zeros;

  /** Which of gamma, and of beta, each element takes. */
  private final AxisPlaces places;

  private final Shape input;
  private final @Nullable CpuParameter gamma;
  private final @Nullable CpuParameter beta;
  private final Matrix[] gammaGradients;
  private final Matrix[] betaGradients;

  private CpuLayerNormalization(
      LayerContext context,
      Groups groups,
      AxisPlaces places,
      double epsilon,
      boolean scale,
      boolean center,
      Shape input) {
    this.groups = groups;
    this.places = places;
    this.epsilon = epsilon;
    this.input = input;
    zeros = context.zeroRow(input.size(-1));
    gamma = scale ? context.parameter("gamma", places.rows(), places.columns()) : null;
    beta = center ? context.parameter("beta", places.rows(), places.columns()) : null;
    gammaGradients = gamma == null ? new Matrix[0] : gamma.shardGradients();
    betaGradients = beta == null ? new Matrix[0] : beta.shardGradients();
  }

  /** Takes the weights' memory. */
  public static CpuLayerNormalization of(
      LayerContext context, LayerNormalization layer, Shape input) {
    List<Integer> axes = layer.axes(input);
    return new CpuLayerNormalization(
        context,
        Groups.along(axes, input),
        AxisPlaces.along(axes, input),
        layer.epsilon(),
        layer.scale(),
        layer.center(),
        input);
  }

  /** Takes the weights' memory. */
  public static CpuLayerNormalization of(
      LayerContext context, GroupNormalization layer, Shape input) {
    int axis = layer.axis(input);
    return new CpuLayerNormalization(
        context,
        Groups.ofChannels(layer.groups(input), axis, input),
        AxisPlaces.along(List.of(axis), input),
        layer.epsilon(),
        layer.scale(),
        layer.center(),
        input);
  }

  @Nullable WeightRows gamma(RunContext context) {
    return gamma == null ? null : new WeightRows(gamma, places, context, input.size(-1));
  }

  @Nullable WeightRows beta(RunContext context) {
    return beta == null ? null : new WeightRows(beta, places, context, input.size(-1));
  }

  /** Hands the gradients of a run over to a shard's. */
  void finish(
      CheckedKernels kernels,
      int shard,
      @Nullable WeightRows ofGamma,
      @Nullable WeightRows ofBeta) {
    if (ofGamma != null && ofGamma.learns()) {
      ofGamma.finish(kernels, gammaGradients[shard]);
    }
    if (ofBeta != null && ofBeta.learns()) {
      ofBeta.finish(kernels, betaGradients[shard]);
    }
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new LayerNormalizationRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return Stream.of(gamma, beta).filter(Objects::nonNull).toList();
  }

  @Override
  public List<ParameterView> views() {
    return parameters().stream().map(ParameterView::of).toList();
  }
}
