package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Conv1D}, a {@link GridConvolution}, or a {@link ConvTranspose}, on the CPU. */
public final class CpuConvolution implements CpuLayer {
  final Activation activation;
  final Shape input;
  final WindowTaps taps;
  final int filters;

  /** How far the steps of a window are apart, where a stream goes from step to step. */
  final int dilation;

  /** What the sums begin with: the bias, or zeros. */
  final Matrix start;

  final Matrix zeroOut;
  final Matrix zeroIn;
  final Matrix[] biasGradients;

  /** How many positions its outputs have. */
  final int outputPositions;

  private final boolean turned;
  private final @Nullable CpuParameter bias;

  /**
   * Takes the weights' memory.
   *
   * @param logits whether the activation is left to the loss, which computes both in one go
   */
  public static CpuConvolution of(LayerContext context, Conv1D layer, Shape input, boolean logits) {
    Activation activation = logits ? Activation.LINEAR : layer.activation();
    return new CpuConvolution(
        context,
        layer.windows(input),
        false,
        layer.window().dilationRate(),
        layer.filters(),
        activation,
        layer.useBias(),
        input);
  }

  /** Takes the weights' memory. */
  public static CpuConvolution of(
      LayerContext context, GridConvolution layer, Shape input, boolean logits) {
    Activation activation = logits ? Activation.LINEAR : layer.activation();
    return new CpuConvolution(
        context,
        layer.places(input),
        false,
        1,
        layer.filters(),
        activation,
        layer.useBias(),
        input);
  }

  /** Takes the weights' memory. */
  public static CpuConvolution of(
      LayerContext context, ConvTranspose layer, Shape input, boolean logits) {
    Activation activation = logits ? Activation.LINEAR : layer.activation();
    return new CpuConvolution(
        context, layer.places(input), true, 1, layer.filters(), activation, layer.useBias(), input);
  }

  private CpuConvolution(
      LayerContext context,
      WindowPlaces windows,
      boolean turned,
      int dilation,
      int filters,
      Activation activation,
      boolean useBias,
      Shape input) {
    this.input = input;
    this.activation = activation;
    this.filters = filters;
    this.dilation = dilation;
    int features = input.size(-1);
    this.turned = turned;
    outputPositions =
        turned ? windows.shapeBelow(filters).positions() : windows.shape(filters).positions();
    boolean back = context.training() && !context.lowest();
    taps =
        turned
            ? new WindowTaps(context, "kernel", windows, filters, features, true)
            : new WindowTaps(context, "kernel", windows, features, filters, back);
    bias = useBias ? context.parameter("bias", 1, filters) : null;
    zeroOut = context.zeroRow(filters);
    zeroIn = context.zeroRow(features);
    start = bias == null ? zeroOut : bias.matrix();
    biasGradients = bias == null ? new Matrix[0] : bias.shardGradients();
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    Signals signals = new Signals(below, context, input);
    if (turned) {
      return new ConvTransposeRun(this, context, signals);
    }
    return context.purpose() == RunContext.Purpose.STREAM
        ? new StreamedConv1D(this, context, signals)
        : new ConvolutionRun(this, context, signals);
  }

  @Override
  public List<CpuParameter> parameters() {
    return bias == null ? List.of(taps.kernel()) : List.of(taps.kernel(), bias);
  }

  @Override
  public List<ParameterView> views() {
    return bias == null
        ? List.of(ParameterView.of(taps.kernel()))
        : List.of(ParameterView.of(taps.kernel()), ParameterView.of(bias));
  }
}
