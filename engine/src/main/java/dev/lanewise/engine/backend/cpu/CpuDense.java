package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Dense} on the CPU: y = f(x * W + b) at each position. */
final class CpuDense implements CpuLayer {
  private final CheckedKernels kernels;
  private final Activation activation;
  private final boolean logits;
  private final @Nullable CpuLayer below;
  private final CpuParameter weights;
  private final @Nullable CpuParameter bias;
  private final Matrix allWeights;
  private final Matrix start;
  private final @Nullable Matrix weightsTransposed;
  private final Matrix zeroOut;
  private final Matrix zeroIn;
  private final Matrix[][] inputs;
  private final Matrix[][] outputs;
  private final Matrix[][] outputGradients;
  private final Matrix[] weightGradients;
  private final Matrix[] biasGradients;
  private final Matrix[] maxAndSum;
  private final int features;

  /**
   * Takes the layer's memory.
   *
   * @param logits whether a softmax is left to the loss, which computes both in one go
   */
  CpuDense(LayerContext context, Dense layer, Shape input, boolean logits) {
    kernels = context.kernels();
    activation = layer.activation();
    this.logits = logits;
    below = context.below();
    features = input.size(-1);
    int units = layer.units();
    int positions = input.rank() == 1 ? 1 : input.size(0);
    weights = context.parameter("kernel", features, units);
    bias = layer.useBias() ? context.parameter("bias", 1, units) : null;
    weightsTransposed = below == null ? null : weights.transposed(0, features);
    zeroOut = context.zeroRow(units);
    allWeights = weights.matrix();
    start = bias == null ? zeroOut : bias.matrix();
    zeroIn = context.zeroRow(features);
    inputs = inputs(context, positions);
    outputs = context.signals("outputs", positions, units);
    outputGradients = context.signals("output gradients", positions, units);
    maxAndSum = SoftmaxRows.scratch(context);
    weightGradients = new Matrix[context.shards()];
    biasGradients = new Matrix[context.shards()];
    for (int shard = 0; shard < context.shards(); shard++) {
      weightGradients[shard] = weights.gradient(shard);
      biasGradients[shard] = bias == null ? zeroOut : bias.gradient(shard);
    }
  }

  private Matrix[][] inputs(LayerContext context, int positions) {
    if (below == null) {
      return context.signals("inputs", positions, features);
    }
    Matrix[][] shared = new Matrix[context.shards()][];
    for (int shard = 0; shard < context.shards(); shard++) {
      shared[shard] = below.outputs(shard);
    }
    return shared;
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
    Elementwise f =
        activation == Activation.SOFTMAX
            ? Elementwise.LINEAR
            : LayerContext.elementwise(activation);
    for (int p = 0; p < outputs[shard].length; p++) {
      Matrix y = outputs[shard][p];
      kernels.gemmActivation(rows, inputs[shard][p], allWeights, start, y, f);
      if (activation == Activation.SOFTMAX && !logits) {
        kernels.softmax(rows, y, y, maxAndSum[shard]);
      }
    }
  }

  @Override
  public void backward(int shard, int rows) {
    Matrix weightGradient = weightGradients[shard];
    Matrix biasGradient = biasGradients[shard];
    if (bias != null) {
      kernels.fill(1, zeroOut, biasGradient);
    }
    for (int p = 0; p < outputs[shard].length; p++) {
      Matrix dz = outputGradients[shard][p];
      multiplyByDerivative(rows, dz, outputs[shard][p]);
      Matrix begin = p == 0 ? zeroOut : weightGradient;
      kernels.gemmTransposedA(rows, inputs[shard][p], dz, begin, weightGradient);
      if (bias != null) {
        kernels.columnSums(rows, dz, biasGradient);
      }
      if (below != null && weightsTransposed != null) {
        Matrix dx = below.outputGradients(shard)[p];
        kernels.gemm(rows, dz, weightsTransposed, zeroIn, dx);
      }
    }
  }

  /** Turns the gradient by the outputs into that by the sums, in place. */
  private void multiplyByDerivative(int rows, Matrix gradient, Matrix y) {
    if (activation != Activation.SOFTMAX) {
      kernels.derivative(rows, gradient, gradient, LayerContext.elementwise(activation), y);
    } else if (!logits) {
      SoftmaxRows.multiplyByJacobian(rows, gradient, y);
    }
  }

  @Override
  public List<CpuParameter> parameters() {
    return bias == null ? List.of(weights) : List.of(weights, bias);
  }

  @Override
  public List<ParameterView> views() {
    List<ParameterView> views = new ArrayList<>();
    views.add(new ParameterView(weights, 0, features));
    if (bias != null) {
      views.add(new ParameterView(bias, 0, 1));
    }
    return views;
  }
}
