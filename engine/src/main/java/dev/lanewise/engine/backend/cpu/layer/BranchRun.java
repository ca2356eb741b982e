package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A value as a reader sees it that is not the first of several to go back: the gradient that it
 * leaves is added to what the others have left. No layer has to know that it is not alone.
 */
public final class BranchRun implements LayerRun {
  private final CheckedKernels kernels;
  private final LayerRun value;
  private final Matrix[] outputGradients;

  /**
   * Takes the memory.
   *
   * @param value the run whose outputs are the value
   */
  public BranchRun(RunContext context, LayerRun value) {
    this.value = value;
    kernels = context.kernels();
    int width = value.outputs()[0].columns();
    outputGradients = context.gradientSignals(value.outputs().length, width);
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputGradients, rows);
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
    return outputGradients;
  }

  @Override
  public @Nullable StepMask mask() {
    return value.mask();
  }

  @Override
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {
    Matrix[] sums = value.outputGradients();
    for (int p = 0; p < outputGradients.length; p++) {
      kernels.elements().add(pass.rows(), outputGradients[p], sums[p]);
    }
  }
}
