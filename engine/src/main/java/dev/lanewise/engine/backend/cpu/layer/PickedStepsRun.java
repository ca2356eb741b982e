package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.function.IntUnaryOperator;

/**
 * A layer each of whose steps is one of its input's, or zeros: RepeatVector, ZeroPadding1D,
 * Cropping1D, UpSampling1D, and what does the like to pictures. Nothing is copied on the way
 * forward.
 */
public final class PickedStepsRun implements LayerRun {
  private final CheckedKernels kernels;
  private final int[] sources;
  private final Matrix zeros;
  private final Matrix zeroRow;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /**
   * Takes memory.
   *
   * @param steps how many there are
   * @param source tells the input's step that a step is, any other number for zeros
   */
  public PickedStepsRun(int steps, IntUnaryOperator source, RunContext context, Signals signals) {
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    zeros = context.signals("zeros", 1, signals.width())[0];
    zeroRow = context.matrix("zeros", 1, signals.width()).matrix();
    outputs = new Matrix[steps];
    outputGradients = context.gradientSignals(steps, signals.width());
    sources = new int[steps];
    for (int step = 0; step < steps; step++) {
      sources[step] = source.applyAsInt(step);
    }
    pick();
  }

  private void pick() {
    for (int step = 0; step < outputs.length; step++) {
      outputs[step] = isInput(step) ? inputs[sources[step]] : zeros;
    }
  }

  private boolean isInput(int step) {
    return sources[step] >= 0 && sources[step] < inputs.length;
  }

  @Override
  public void layOut(int rows) {
    pick();
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
  public void forward(Pass pass) {}

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length > 0) {
      for (Matrix dx : inputGradients) {
        kernels.start(pass.rows(), zeroRow, dx);
      }
      for (int step = 0; step < outputs.length; step++) {
        if (isInput(step)) {
          kernels.elements().add(pass.rows(), outputGradients[step], inputGradients[sources[step]]);
        }
      }
    }
  }
}
