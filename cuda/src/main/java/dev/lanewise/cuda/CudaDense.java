package dev.lanewise.cuda;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** A dense layer: one product over all positions, read where the layer below left its outputs. */
final class CudaDense implements CudaLayer {
  private final Activation f;
  private final boolean softmax;
  private final int positions;
  private final int features;
  private final int units;
  private final @Nullable CudaLayer below;
  private final long weights;
  private final long bias;
  private final long inputs;
  private final long outputs;
  private final long gradients;
  private final WeightGradient weightGradient;

  CudaDense(
      LayerMemory memory, Dense layer, Shape input, @Nullable CudaLayer below, boolean logits) {
    f = layer.activation();
    softmax = f == Activation.SOFTMAX && !logits;
    positions = input.rank() == 1 ? 1 : input.size(0);
    features = input.size(-1);
    units = layer.units();
    this.below = below;
    weights = memory.weights();
    bias = layer.useBias() ? weights + (long) features * units * Float.BYTES : 0;
    long rows = (long) positions * memory.maximumRows();
    inputs = below == null ? memory.floats("inputs", rows, features) : 0;
    outputs = memory.floats("outputs of a dense layer", rows, units);
    gradients = memory.trainingFloats("gradients by a dense layer's outputs", rows, units);
    weightGradient =
        new WeightGradient(memory, "a dense layer", positions, features, units, layer.useBias());
  }

  private Signal inputs(int rows) {
    return below == null ? new Signal(inputs, features) : below.outputs(rows);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, units);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  @Override
  public void feed(KernelCalls calls, long batch, int rows) {
    if (below == null) {
      calls.feedSamples(batch, inputs, features, rows, positions, features, 0, false);
    }
  }

  @Override
  public void forward(KernelCalls calls, int rows) {
    int all = Math.multiplyExact(positions, rows);
    calls.gemmForward(inputs(rows), weights, bias, outputs(rows), all, units, features, f);
    if (softmax) {
      calls.softmaxRows(outputs, outputs, all, units);
    }
  }

  @Override
  public void backward(KernelCalls calls, int rows) {
    int all = Math.multiplyExact(positions, rows);
    if (softmax) {
      calls.softmaxBackward(gradients, outputs, all, units);
    } else if (KernelCalls.code(f) != KernelCalls.code(Activation.LINEAR)) {
      calls.gemmBackward(0, 0, 0, gradients, outputs(rows), gradients, all, units, 0, f);
    }
    if (below != null) {
      calls.gemmBackward(
          gradients, weights, units, 0, NONE, below.outputGradients(), all, features, units, f);
    }
  }

  @Override
  public void weightGradients(KernelCalls calls, int rows) {
    weightGradient.compute(calls, inputs(rows), gradients, Math.multiplyExact(positions, rows));
  }

  long weights() {
    return weights;
  }

  long bias() {
    return bias;
  }
}
