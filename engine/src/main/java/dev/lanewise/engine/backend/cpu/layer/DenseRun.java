package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** A dense layer at work: y = f(x * W + b) at each position. */
final class DenseRun implements LayerRun {
  private final CpuDense layer;
  private final CheckedKernels kernels;
  private final @Nullable LayerRun below;
  private final boolean softmax;
  private final Elementwise f;
  private final Matrix[] inputs;
  private final Matrix[] outputs;

  /** Where f's derivative is taken: the outputs, or copies of the sums that they were. */
  private final Matrix[] derivativePoints;

  private final Matrix[] outputGradients;
  private final Matrix maxAndSum;
  private final Strip strip = this::strip;
  private int position;

  DenseRun(CpuDense layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    this.below = below;
    kernels = context.kernels();
    softmax = layer.activation == Activation.SOFTMAX;
    f = softmax ? Elementwise.LINEAR : RunContext.elementwise(layer.activation);
    inputs =
        below == null
            ? context.signals("inputs", layer.positions, layer.features)
            : below.outputs();
    outputs = context.signals("outputs", layer.positions, layer.units);
    derivativePoints = context.derivativePoints(f, outputs, layer.units);
    outputGradients = context.gradientSignals(layer.positions, layer.units);
    maxAndSum = context.softmaxRows();
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      position = p;
      kernels.inStrips(rows, (long) layer.features * layer.units, layer.units, strip);
      if (softmax) {
        kernels.elements().softmax(rows, outputs[p], outputs[p], maxAndSum);
      }
    }
  }

  private void strip(int first, int count) {
    Matrix sums = outputs[position];
    kernels.gemm(first, count, inputs[position], 0, layer.kernel, layer.start, sums);
    if (derivativePoints[position] != sums) {
      kernels.copy(first, count, sums, derivativePoints[position]);
    }
    kernels.elements().activation(first, count, sums, f);
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    int shard = pass.shard();
    Matrix kernelGradient = layer.kernelGradients[shard];
    if (layer.biased) {
      kernels.fill(1, layer.zeroOut, layer.biasGradients[shard]);
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dz = outputGradients[p];
      multiplyByDerivative(rows, dz, derivativePoints[p]);
      Matrix begin = p == 0 ? layer.zeroOut : kernelGradient;
      kernels.gemmTransposedA(rows, inputs[p], dz, begin, kernelGradient);
      if (layer.biased) {
        kernels.columnSums(rows, dz, layer.biasGradients[shard]);
      }
      if (below != null && layer.kernelTransposed != null) {
        Matrix dx = below.outputGradients()[p];
        kernels.gemm(rows, dz, layer.kernelTransposed, layer.zeroIn, dx);
      }
    }
  }

  /** Turns the gradient by the outputs into that by the sums, in place. */
  private void multiplyByDerivative(int rows, Matrix gradient, Matrix y) {
    if (!softmax) {
      kernels.elements().derivative(0, rows, gradient, f, y);
    } else {
      SoftmaxJacobian.multiply(rows, gradient, y);
    }
  }
}
