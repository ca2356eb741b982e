package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SparseConvolution} on the CPU: y_p,o = sum over taps j and features i of o's group of
 * x_(source(p, j)),i * kernel_j,i,o. The kernel is Keras's array as rows of its last size.
 */
public final class CpuSparseConvolution implements CpuLayer {
  final Activation activation;
  final int places;
  final int taps;
  final int features;
  final int filters;
  final int groups;

  /** By place and tap: which position is taken; none if below 0. */
  final IntBinaryOperator source;

  final Matrix kernel;
  final Matrix[] kernelGradients;
  final @Nullable Matrix bias;
  final Matrix[] biasGradients;
  private final Shape input;
  private final CpuParameter weights;
  private final @Nullable CpuParameter start;

  private CpuSparseConvolution(
      LayerContext context, SparseConvolution layer, Shape input, int groups, boolean logits) {
    Shape output = layer.outputShape(input);
    WindowPlaces windows = layer.places(input);
    this.input = input;
    this.groups = groups;
    activation = logits ? Activation.LINEAR : layer.activation();
    places = output.positions();
    taps = windows.size();
    features = input.size(-1);
    filters = output.size(-1);
    source = windows::step;
    weights = context.parameter("kernel", taps * (features / groups), filters);
    start = layer.useBias() ? context.parameter("bias", 1, filters) : null;
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
      LayerContext context, SparseConvolution layer, Shape input, boolean logits) {
    return switch (layer) {
      case DepthwiseConv each ->
          new CpuSparseConvolution(context, each, input, input.size(-1), logits);
      case GroupedConv grouped ->
          new CpuSparseConvolution(context, grouped, input, grouped.groups(), logits);
      case ConvTranspose back -> CpuConvolution.of(context, back, input, logits);
      case SeparableConv two -> separable(context, two, input, logits);
    };
  }

  private static CpuLayer separable(
      LayerContext context, SeparableConv layer, Shape input, boolean logits) {
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
        return new ProjectedRun(List.of(depthwise, second.run(run, depthwise)));
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
    Signals signals = new Signals(below, context, input);
    boolean oneEach = groups == features && filters == features;
    return oneEach
        ? new DepthwiseRun(this, context, signals)
        : new SparseConvolutionRun(this, context, signals);
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
