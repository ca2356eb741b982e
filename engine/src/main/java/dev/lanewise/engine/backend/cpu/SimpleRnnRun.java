package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work on many rows: they go through all steps forward, then all steps
 * backward (backpropagation through time, Werbos 1990), without meeting another thread.
 *
 * <p>A step is one product: x_t and h_{t-1} lie side by side in a row of {@link RnnSteps}, the
 * weights are [kernel; recurrent kernel], and h_t is written where the next step reads it. Steps
 * that are blank in every row, before any that is not, are left to {@link BlankRun}.
 */
final class SimpleRnnRun implements LayerRun {
  private final CpuSimpleRnn layer;
  private final CheckedKernels kernels;
  private final @Nullable LayerRun below;
  private final RnnSteps steps;
  private final @Nullable RnnGradients gradients;
  private final @Nullable BlankRun blank;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private int begin;

  SimpleRnnRun(CpuSimpleRnn layer, RunContext context, @Nullable LayerRun below) {
    this.layer = layer;
    this.below = below;
    kernels = context.kernels();
    steps = new RnnSteps(context, layer.steps, layer.features, layer.units);
    blank = below == null && layer.passesOverBlankLead() ? new BlankRun(layer, context) : null;
    gradients = context.training() ? new RnnGradients(context, steps, layer) : null;
    inputs = new Matrix[layer.steps];
    outputs = new Matrix[layer.sequences ? layer.steps : 1];
    showSteps();
    outputGradients = context.gradientSignals(outputs.length, layer.units);
  }

  @Override
  public void layOut(int rows) {
    steps.layOut(rows);
    if (gradients != null) {
      gradients.layOut(rows);
    }
    showSteps();
  }

  private void showSteps() {
    for (int t = 0; t < layer.steps; t++) {
      inputs[layer.inputStep(t)] = steps.x(t);
    }
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = steps.h(layer.steps + 1 - outputs.length + i);
    }
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
  public void forward(int rows, int lead) {
    begin = 0;
    if (blank != null && lead > 0) {
      begin = lead;
      kernels.fill(rows, blank.forward(lead), steps.h(lead));
    }
    for (int t = begin; t < layer.steps; t++) {
      if (below != null) {
        kernels.copy(rows, below.outputs()[layer.inputStep(t)], steps.x(t));
      }
      // h_0 is zero: its product is left out
      Matrix a = t == 0 ? steps.x(0) : steps.joined(t);
      Matrix b = t == 0 ? layer.kernel : layer.allWeights;
      kernels.gemmActivation(rows, a, b, layer.start, steps.h(t + 1), layer.f);
    }
  }

  @Override
  public void backward(int rows, int shard) {
    if (gradients == null || layer.recurrentTransposed == null) {
      throw new IllegalStateException("backward: the run was made without a backward pass");
    }
    int last = layer.steps - 1;
    Matrix[] dy = outputGradients;
    if (layer.biased) {
      kernels.fill(1, layer.zeroUnits, layer.biasGradients[shard]);
    }
    kernels.derivative(rows, dy[dy.length - 1], gradients.dz(last), layer.f, steps.h(last + 1));
    for (int t = last; t >= begin; t--) {
      Matrix dz = gradients.dz(t);
      if (below != null && layer.kernelTransposed != null) {
        Matrix dx = below.outputGradients()[layer.inputStep(t)];
        kernels.gemm(rows, dz, layer.kernelTransposed, layer.zeroFeatures, dx);
      }
      if (t > begin) {
        Matrix upstream = layer.sequences ? dy[t - 1] : layer.zeroUnits;
        Matrix b = layer.recurrentTransposed;
        kernels.gemmDerivative(rows, dz, b, upstream, gradients.dz(t - 1), layer.f, steps.h(t));
      }
      if (t == begin || gradients.endsGroup(t)) {
        gradients.addWeightGradients(kernels, t, rows, shard);
      }
    }
    if (blank != null && begin > 0) {
      blank.backward(begin, rows, gradients.dz(begin), layer.recurrentTransposed, shard);
    }
  }
}
