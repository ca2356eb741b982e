package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Shape;

/** An activation by itself. */
public final class CudaActivation implements CudaLayer {
  private final Activation f;
  private final int positions;
  private final int width;
  private final CudaSource below;
  private final long outputs;
  private final long gradients;

  public CudaActivation(
      LayerMemory memory, Activation function, Shape input, CudaSource below, boolean logits) {
    f = logits ? Activation.LINEAR : function;
    positions = input.positions();
    width = input.size(-1);
    this.below = below;
    outputs = memory.floats("outputs of an activation", positions, width);
    gradients = memory.trainingFloats("gradients by an activation", positions, width);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  @Override
  public void forward(CudaPass pass) {
    int all = pass.rows(positions);
    Signal inputs = below.outputs(pass.rows());
    if (f == Activation.SOFTMAX) {
      pass.calls().softmaxRows(inputs, outputs, all, width);
    } else {
      pass.calls().applyFunction(inputs, outputs, all, width, f);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    long target = below.outputGradients();
    if (target == 0) {
      return;
    }
    int all = pass.rows(positions);
    if (f == Activation.SOFTMAX) {
      pass.calls().softmaxBackward(gradients, outputs, target, all, width);
    } else {
      Signal inputs = below.outputs(pass.rows());
      pass.calls().functionBackward(gradients, inputs, outputs, target, all, width, f);
    }
  }
}
