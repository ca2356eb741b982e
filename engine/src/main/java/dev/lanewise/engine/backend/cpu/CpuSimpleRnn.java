package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link SimpleRnn} on the CPU: a shard's rows go through all steps forward, then all steps
 * backward (backpropagation through time, Werbos 1990), without meeting another thread.
 *
 * <p>A step is one product: x_t and h_{t-1} lie side by side in a row of {@link RnnSteps}, the
 * weights are [kernel; recurrent kernel], and h_t is written where the next step reads it.
 */
final class CpuSimpleRnn implements CpuLayer {
  private final CheckedKernels kernels;
  private final Elementwise f;
  private final @Nullable CpuLayer below;
  private final boolean sequences;
  private final boolean backwards;
  private final int steps;
  private final int features;
  private final int units;
  private final CpuParameter weights;
  private final @Nullable CpuParameter bias;
  private final Matrix recurrentTransposed;
  private final @Nullable Matrix kernelTransposed;
  private final Matrix allWeights;
  private final Matrix kernelAlone;
  private final Matrix start;
  private final Matrix zeroUnits;
  private final Matrix zeroFeatures;
  private final RnnSteps[] shards;
  private final Matrix[][] inputs;
  private final Matrix[][] outputs;
  private final Matrix[][] outputGradients;

  /** Takes the layer's memory. */
  CpuSimpleRnn(LayerContext context, SimpleRnn layer, Shape input) {
    kernels = context.kernels();
    f = LayerContext.elementwise(layer.activation());
    below = context.below();
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    steps = input.size(0);
    features = input.size(1);
    units = layer.units();
    weights = context.parameter("kernel and recurrent kernel", features + units, units);
    bias = layer.useBias() ? context.parameter("bias", 1, units) : null;
    recurrentTransposed = weights.transposed(features, units);
    kernelTransposed = below == null ? null : weights.transposed(0, features);
    allWeights = weights.matrix();
    kernelAlone = weights.matrix(0, features);
    zeroUnits = context.zeroRow(units);
    zeroFeatures = context.zeroRow(features);
    start = bias == null ? zeroUnits : bias.matrix();
    shards = new RnnSteps[context.shards()];
    inputs = new Matrix[context.shards()][];
    outputs = new Matrix[context.shards()][];
    for (int shard = 0; shard < shards.length; shard++) {
      Matrix biasGradient = bias == null ? zeroUnits : bias.gradient(shard);
      shards[shard] =
          new RnnSteps(context, steps, features, units, weights.gradient(shard), biasGradient);
      inputs[shard] = inInputOrder(shards[shard].x());
      outputs[shard] = shards[shard].outputs(sequences);
    }
    outputGradients = context.signals("output gradients", sequences ? steps : 1, units);
  }

  private Matrix[] inInputOrder(Matrix[] walked) {
    Matrix[] inputs = new Matrix[steps];
    for (int t = 0; t < steps; t++) {
      inputs[inputStep(t)] = walked[t];
    }
    return inputs;
  }

  @Override
  public Matrix[] inputs(int shard) {
    return inputs[shard];
  }

  @Override
  public Matrix[] outputs(int shard) {
    return outputs[shard];
  }

  @Override
  public Matrix[] outputGradients(int shard) {
    return outputGradients[shard];
  }

  @Override
  public void forward(int shard, int rows) {
    RnnSteps s = shards[shard];
    for (int t = 0; t < steps; t++) {
      if (below != null) {
        kernels.copy(rows, below.outputs(shard)[inputStep(t)], s.x()[t]);
      }
      // h_0 is zero: its product is left out
      Matrix a = t == 0 ? s.x()[0] : s.joined()[t];
      Matrix b = t == 0 ? kernelAlone : allWeights;
      kernels.gemmActivation(rows, a, b, start, s.h()[t + 1], f);
    }
  }

  @Override
  public void backward(int shard, int rows) {
    RnnSteps s = shards[shard];
    Matrix[] dy = outputGradients[shard];
    if (bias != null) {
      kernels.fill(1, zeroUnits, s.biasGradient());
    }
    kernels.derivative(rows, dy[dy.length - 1], s.dz(steps - 1), f, s.h()[steps]);
    for (int t = steps - 1; t >= 0; t--) {
      Matrix dz = s.dz(t);
      if (below != null && kernelTransposed != null) {
        Matrix dx = below.outputGradients(shard)[inputStep(t)];
        kernels.gemm(rows, dz, kernelTransposed, zeroFeatures, dx);
      }
      if (t > 0) {
        Matrix upstream = sequences ? dy[t - 1] : zeroUnits;
        kernels.gemmDerivative(rows, dz, recurrentTransposed, upstream, s.dz(t - 1), f, s.h()[t]);
      }
      if (s.endsGroup(t)) {
        s.addWeightGradients(kernels, t, rows, zeroUnits, bias != null);
      }
    }
  }

  /** Returns the step of the input that step {@code t} of the walk reads. */
  private int inputStep(int t) {
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
