package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.kernel.Halves;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Dense} on the CPU. */
public final class CpuDense implements CpuLayer {
  final Activation activation;

  final int positions;
  final int features;
  final int units;
  final RightOperand kernel;

  /** The kernel in bfloat16, which products of one row read; absent where they do not. */
  final @Nullable Halves halves;

  /** What the sums begin with: the bias, or zeros. */
  final Matrix start;

  /** The kernel for the way back; absent where nobody asks for the gradient by the inputs. */
  final @Nullable RightOperand kernelTransposed;

  final Matrix zeroOut;
  final Matrix zeroIn;
  final Matrix[] kernelGradients;
  final Matrix[] biasGradients;

  private final CpuParameter weights;
  private final @Nullable CpuParameter bias;

  /**
   * Takes the weights' memory.
   *
   * @param logits whether the activation is left to the loss, which computes both in one go
   */
  public CpuDense(LayerContext context, Dense layer, Shape input, boolean logits) {
    activation = logits ? Activation.LINEAR : layer.activation();
    features = input.size(-1);
    units = layer.units();
    positions = input.positions();
    weights = context.parameter("kernel", features, units);
    bias = layer.useBias() ? context.parameter("bias", 1, units) : null;
    boolean back = context.training() && !context.lowest();
    kernelTransposed = back ? weights.transposed(0, features) : null;
    zeroOut = context.zeroRow(units);
    zeroIn = context.zeroRow(features);
    kernel = weights.operand(0, features, 0, units);
    halves = context.halves() ? weights.halves(0, units) : null;
    start = bias == null ? zeroOut : bias.matrix();
    kernelGradients = weights.shardGradients();
    biasGradients = bias == null ? new Matrix[0] : bias.shardGradients();
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new DenseRun(this, context, below);
  }

  @Override
  public List<CpuParameter> parameters() {
    return bias == null ? List.of(weights) : List.of(weights, bias);
  }

  @Override
  public List<ParameterView> views() {
    List<ParameterView> views = new ArrayList<>();
    views.add(ParameterView.of(weights));
    if (bias != null) {
      views.add(ParameterView.of(bias));
    }
    return views;
  }
}
