package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1DTranspose;
import dev.lanewise.engine.layer.Convolution1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv1D;
import dev.lanewise.engine.layer.GroupedConv1D;
import dev.lanewise.engine.layer.SeparableConv1D;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Convolution1D} on the CPU: y_p,o = sum over taps j and features i of o's group of
 * x_(source(p, j)),i * kernel_j,i,o. The kernel is Keras's array as rows of its last size.
 */
public final class CpuSparseConvolution implements CpuLayer {
  final Activation activation;
  final int places;
  final int taps;
  final int features;
  final int filters;
  final int groups;

  /** Whether the kernel is [taps, filters, features], and else [taps, features, filters]. */
  final boolean turned;

  /** By place and tap: which step is taken; none if below 0. */
  final IntBinaryOperator source;

  final Matrix kernel;
  final Matrix[] kernelGradients;
  final @Nullable Matrix bias;
  final Matrix[] biasGradients;
  private final Shape input;
  private final CpuParameter weights;
  private final @Nullable CpuParameter start;

  private CpuSparseConvolution(
      LayerContext context,
      Convolution1D layer,
      Shape input,
      SlidingWindow window,
      int groups,
      boolean useBias,
      boolean logits) {
    Shape output = layer.outputShape(input);
    this.input = input;
    this.groups = groups;
    activation = logits ? Activation.LINEAR : layer.activation();
    places = output.size(0);
    taps = window.size();
    features = input.size(1);
    filters = output.size(1);
    turned = layer instanceof Conv1DTranspose;
    source =
        layer instanceof Conv1DTranspose back
            ? back.windows(input)::place
            : window.over(layer.className(), input.size(0))::step;
    int rows = taps * (turned ? filters : features / groups);
    weights = context.parameter("kernel", rows, turned ? features : filters);
    start = useBias ? context.parameter("bias", 1, filters) : null;
    kernel = weights.matrix();
    kernelGradients = weights.shardGradients();
    bias = start == null ? null : start.matrix();
    biasGradients = start == null ? new Matrix[0] : start.shardGradients();
  }

  /**
   * Takes the weights' memory.
   *
   * @param logits whether the activation is left to the loss, which computes both in one go
   */
  public static CpuLayer of(
      LayerContext context, Convolution1D layer, Shape input, boolean logits) {
    return switch (layer) {
      case DepthwiseConv1D each ->
          new CpuSparseConvolution(
              context, each, input, each.window(), input.size(1), each.useBias(), logits);
      case GroupedConv1D grouped ->
          new CpuSparseConvolution(
              context,
              grouped,
              input,
              grouped.window(),
              grouped.groups(),
              grouped.useBias(),
              logits);
      case Conv1DTranspose back ->
          new CpuSparseConvolution(context, back, input, back.window(), 1, back.useBias(), logits);
      case SeparableConv1D two -> separable(context, two, input, logits);
    };
  }

  private static CpuLayer separable(
      LayerContext context, SeparableConv1D layer, Shape input, boolean logits) {
    CpuLayer first = of(context, layer.depthwise(), input, false);
    Dense dense = Dense.of(layer.filters(), layer.activation());
    Shape between = layer.depthwise().outputShape(input);
    CpuLayer second =
        new CpuDense(
            context.upon(1), layer.useBias() ? dense : dense.withoutBias(), between, logits);
    return new CpuLayer() {
      @Override
      public LayerRun run(RunContext run, @Nullable LayerRun below) {
        LayerRun depthwise = first.run(run, below);
        return new ProjectedRun(depthwise, second.run(run, depthwise));
      }

      @Override
      public List<CpuParameter> parameters() {
        return Stream.of(first, second).flatMap(part -> part.parameters().stream()).toList();
      }

      @Override
      public List<ParameterView> views() {
        return Stream.of(first, second).flatMap(part -> part.views().stream()).toList();
      }
    };
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new SparseConvolutionRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return start == null ? List.of(weights) : List.of(weights, start);
  }

  @Override
  public List<ParameterView> views() {
    return parameters().stream().map(ParameterView::of).toList();
  }
}
