package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Conv1D} and {@link Conv2D} on the CPU. The kernel is one matrix [size * in, filters]; each
 * position of the window has some of its rows, a tap, as a Dense layer's kernel of its own, whose
 * products are added up.
 */
public final class CpuConvolution implements CpuLayer {
  final Activation activation;
  final Shape input;
  final WindowPlaces windows;
  final int filters;

  /** How far the steps of a window are apart, where a stream goes from step to step. */
  final int dilation;

  /** A matrix a step of the window: [in, filters]. */
  final RightOperand[] taps;

  /** The same for the way back; none where nobody asks for the gradient by the inputs. */
  final RightOperand[] tapsTransposed;

  /** What the sums begin with: the bias, or zeros. */
  final Matrix start;

  final Matrix zeroOut;
  final Matrix zeroIn;

  /** By shard, then by step of the window; none where the kernel stays as it is. */
  final Matrix[][] tapGradients;

  final Matrix[] biasGradients;

  private final CpuParameter kernel;
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
        layer.window().dilationRate(),
        layer.filters(),
        activation,
        layer.useBias(),
        input);
  }

  /** Takes the weights' memory. */
  public static CpuConvolution of(LayerContext context, Conv2D layer, Shape input, boolean logits) {
    Activation activation = logits ? Activation.LINEAR : layer.activation();
    return new CpuConvolution(
        context, layer.places(input), 1, layer.filters(), activation, layer.useBias(), input);
  }

  private CpuConvolution(
      LayerContext context,
      WindowPlaces windows,
      int dilation,
      int filters,
      Activation activation,
      boolean useBias,
      Shape input) {
    this.input = input;
    this.activation = activation;
    this.windows = windows;
    this.filters = filters;
    this.dilation = dilation;
    int size = windows.size();
    int features = input.size(-1);
    kernel = context.parameter("kernel", Math.multiplyExact(size, features), filters);
    bias = useBias ? context.parameter("bias", 1, filters) : null;
    zeroOut = context.zeroRow(filters);
    zeroIn = context.zeroRow(features);
    start = bias == null ? zeroOut : bias.matrix();
    biasGradients = bias == null ? new Matrix[0] : bias.shardGradients();
    boolean back = context.training() && !context.lowest();
    taps = new RightOperand[size];
    tapsTransposed = new RightOperand[back ? size : 0];
    tapGradients = new Matrix[kernel.shardGradients().length][size];
    for (int tap = 0; tap < size; tap++) {
      int row = tap * features;
      taps[tap] = kernel.operand(row, features, 0, filters);
      if (back) {
        tapsTransposed[tap] = kernel.transposed(row, features);
      }
      Matrix[] ofShards = kernel.shardGradients(row, features, 0, filters);
      for (int shard = 0; shard < ofShards.length; shard++) {
        tapGradients[shard][tap] = ofShards[shard];
      }
    }
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    Signals signals = new Signals(below, context, input);
    return context.purpose() == RunContext.Purpose.STREAM
        ? new StreamedConv1D(this, context, signals)
        : new ConvolutionRun(this, context, signals);
  }

  @Override
  public List<CpuParameter> parameters() {
    return bias == null ? List.of(kernel) : List.of(kernel, bias);
  }

  @Override
  public List<ParameterView> views() {
    return bias == null
        ? List.of(ParameterView.of(kernel))
        : List.of(ParameterView.of(kernel), ParameterView.of(bias));
  }
}
