package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.tensor.Shape;

/**
 * A dense layer: one product over all positions, read where the layer below left its outputs. Of
 * functions that products do not take along the sums are kept.
 */
public final class CudaDense implements CudaLayer {
  private final Activation f;
  private final boolean softmax;
  private final int positions;
  private final int features;
  private final int units;
  private final CudaSource below;
  private final long weights;
  private final long bias;
  private final long sums;
  private final long outputs;
  private final long gradients;
  private final WeightGradient weightGradient;

  public CudaDense(LayerMemory memory, Dense layer, Shape input, CudaSource below, boolean logits) {
    f = logits ? Activation.LINEAR : layer.activation();
    softmax = f == Activation.SOFTMAX;
    positions = input.positions();
    features = input.size(-1);
    units = layer.units();
    this.below = below;
    weights = memory.weights();
    bias = layer.useBias() ? weights + (long) features * units * Float.BYTES : 0;
    outputs = memory.floats("outputs of a dense layer", positions, units);
    boolean apart = !ActivationCode.isWithProducts(f);
    sums = apart ? memory.floats("sums of a dense layer", positions, units) : 0;
    gradients = memory.trainingFloats("gradients by a dense layer's outputs", positions, units);
    weightGradient =
        new WeightGradient(
            memory, "a dense layer", positions, features, units, layer.useBias() ? 1 : 0);
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
  public void forward(CudaPass pass) {
    int all = pass.rows(positions);
    Signal inputs = below.outputs(pass.rows());
    Signal products = sums == 0 ? outputs(pass.rows()) : new Signal(sums, units);
    Activation along = sums == 0 ? f : Activation.LINEAR;
    KernelCalls calls = pass.calls();
    calls.gemmForward(inputs, weights, bias, products, all, units, features, along);
    if (sums != 0) {
      calls.applyFunction(products, outputs, all, units, f);
    } else if (softmax) {
      calls.softmaxRows(outputs(pass.rows()), outputs, all, units);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    int all = pass.rows(positions);
    KernelCalls calls = pass.calls();
    if (softmax) {
      calls.softmaxBackward(gradients, outputs, gradients, all, units);
    } else if (ActivationCode.of(f) != ActivationCode.of(Activation.LINEAR)) {
      Signal points = new Signal(sums == 0 ? outputs : sums, units);
      calls.functionBackward(gradients, points, outputs, gradients, all, units, f);
    }
    if (below.outputGradients() != 0) {
      calls.inputGradients(gradients, weights, 0, below.outputGradients(), all, features, units);
    }
    Signal dz = new Signal(gradients, units);
    weightGradient.product(
        calls, below.outputs(pass.rows()), features, dz, units, 0, features, all);
    weightGradient.sum(calls, all);
  }
}
