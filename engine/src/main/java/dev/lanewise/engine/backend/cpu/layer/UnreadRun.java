package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/** The reader of a value that has no other: the gradient by it is zero. */
public final class UnreadRun implements LayerRun {
  private final CheckedKernels kernels;
  private final LayerRun value;
  private final Matrix zeros;

  /**
   * Takes the memory.
   *
   * @param value the run whose outputs are the value
   */
  public UnreadRun(RunContext context, LayerRun value) {
    this.value = value;
    kernels = context.kernels();
    zeros = context.matrix("zeros", 1, value.outputs()[0].columns()).matrix();
  }

  @Override
  public Matrix[] inputs() {
    return value.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return value.outputs();
  }

  @Override
  public Matrix[] outputGradients() {
    return value.outputGradients();
  }

  @Override
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {
    for (Matrix gradient : value.outputGradients()) {
      kernels.start(pass.rows(), zeros, gradient);
    }
  }
}
