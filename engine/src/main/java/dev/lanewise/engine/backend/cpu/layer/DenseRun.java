package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** A dense layer at work: y = f(x * W + b) at each position. */
final class DenseRun implements LayerRun {
  private final CpuDense layer;
  private final CheckedKernels kernels;
  private final Matrix[] inputGradients;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final SumFunction function;
  private final Strip strip = this::strip;
  private int position;

  DenseRun(CpuDense layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    kernels = context.kernels();
    inputs =
        below == null
            ? context.signals("inputs", layer.positions, layer.features)
            : below.outputs();
    mask = below == null ? null : below.mask();
    inputGradients = below == null ? new Matrix[0] : below.outputGradients();
    outputs = context.signals("outputs", layer.positions, layer.units);
    outputGradients = context.gradientSignals(layer.positions, layer.units);
    function = new SumFunction(layer.activation, context, outputs, layer.units);
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
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      position = p;
      kernels.inStrips(0, rows, (long) layer.features * layer.units, layer.units, strip);
      function.finish(p, rows);
    }
  }

  private void strip(int first, int count) {
    Matrix sums = outputs[position];
    if (layer.halves != null && count == 1) {
      kernels.rowTimesHalves(
          first, inputs[position], layer.halves, 0, layer.features, layer.start, sums);
    } else {
      layer.kernel.multiply(kernels, first, count, inputs[position], 0, layer.start, sums);
    }
    function.apply(position, first, count);
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    int shard = pass.shard();
    if (layer.biasGradients.length > 0) {
      kernels.fill(1, layer.zeroOut, layer.biasGradients[shard]);
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dz = outputGradients[p];
      function.goBack(p, rows, dz);
      if (layer.kernelGradients.length > 0) {
        Matrix kernelGradient = layer.kernelGradients[shard];
        Matrix begin = p == 0 ? layer.zeroOut : kernelGradient;
        kernels.gemmTransposedA(rows, inputs[p], dz, begin, kernelGradient);
      }
      if (layer.biasGradients.length > 0) {
        kernels.columnSums(rows, dz, layer.biasGradients[shard]);
      }
      if (inputGradients.length > 0 && layer.kernelTransposed != null) {
        layer.kernelTransposed.multiply(kernels, 0, rows, dz, 0, layer.zeroIn, inputGradients[p]);
      }
    }
  }
}
