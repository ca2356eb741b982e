package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link SimpleRnn} on the CPU. Its weights are one matrix, [kernel; recurrent kernel]. */
final class CpuSimpleRnn implements CpuLayer {
  final Elementwise f;
  final boolean sequences;
  final boolean backwards;
  final int steps;
  final int features;
  final int units;
  final boolean biased;
  final Matrix allWeights;
  final Matrix kernel;
  final Matrix recurrentKernel;

  /** What the sums begin with: the bias, or zeros. */
  final Matrix start;

  /** The recurrent kernel for the way back; absent in a model that will not be trained. */
  final @Nullable Matrix recurrentTransposed;

  /** The kernel for the way back; absent where nobody asks for the gradient by the inputs. */
  final @Nullable Matrix kernelTransposed;

  final Matrix zeroUnits;
  final Matrix zeroFeatures;
  final Matrix[] weightGradients;
  final Matrix[] recurrentGradients;
  final Matrix[] biasGradients;

  private final CpuParameter weights;
  private final @Nullable CpuParameter bias;

  /** Takes the weights' memory. */
  CpuSimpleRnn(LayerContext context, SimpleRnn layer, Shape input) {
    f = RunContext.elementwise(layer.activation());
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    steps = input.size(0);
    features = input.size(1);
    units = layer.units();
    biased = layer.useBias();
    weights = context.parameter("kernel and recurrent kernel", features + units, units);
    bias = biased ? context.parameter("bias", 1, units) : null;
    boolean training = context.training();
    recurrentTransposed = training ? weights.transposed(features, units) : null;
    kernelTransposed = training && !context.first() ? weights.transposed(0, features) : null;
    allWeights = weights.matrix();
    kernel = weights.matrix(0, features);
    recurrentKernel = weights.matrix(features, units);
    zeroUnits = context.zeroRow(units);
    zeroFeatures = context.zeroRow(features);
    start = bias == null ? zeroUnits : bias.matrix();
    weightGradients = weights.shardGradients();
    recurrentGradients = weights.shardGradients(features, units);
    biasGradients = bias == null ? new Matrix[0] : bias.shardGradients();
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return context.rows() == 1 && !context.training()
        ? new SingleRnnRun(this, context, below)
        : new SimpleRnnRun(this, context, below);
  }

  /** A first layer whose states are nobody's outputs but the last; steps of zeros come first. */
  @Override
  public boolean passesOverBlankLead() {
    return !sequences && !backwards && steps > 1;
  }

  /** Returns the step of the input that step {@code t} of the walk reads. */
  int inputStep(int t) {
    return backwards ? steps - 1 - t : t;
  }

  @Override
  public List<CpuParameter> parameters() {
    return bias == null ? List.of(weights) : List.of(weights, bias);
  }

  @Override
  public List<ParameterView> views() {
    List<ParameterView> views = new ArrayList<>();
    views.add(new ParameterView(weights, 0, features));
    views.add(new ParameterView(weights, features, units));
    if (bias != null) {
      views.add(new ParameterView(bias, 0, 1));
    }
    return views;
  }
}
