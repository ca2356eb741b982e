package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** Dropout at work. */
public final class DropoutRun implements LayerRun {
  private final DropRate rate;
  private final boolean sameAtAllSteps;
  private final CheckedKernels kernels;
  private final boolean trains;
  private final boolean adds;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  public DropoutRun(DropRate rate, boolean sameAtAllSteps, RunContext context, Signals signals) {
    this.rate = rate;
    this.sameAtAllSteps = sameAtAllSteps;
    kernels = context.kernels();
    adds = context.adds();
    mask = signals.mask();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    trains = context.training();
    outputs = trains ? context.signals("outputs", signals.positions(), signals.width()) : inputs;
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
  }

  @Override
  public void layOut(int rows) {
    if (trains) {
      Positions.join(outputs, rows);
      Positions.join(outputGradients, rows);
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
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      if (pass.training()) {
        drop(pass, p, inputs[p], outputs[p]);
      } else if (trains) {
        kernels.copy(pass.rows(), inputs[p], outputs[p]);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      Matrix dy = outputGradients[p];
      if (adds) {
        drop(pass, p, dy, dy);
        kernels.elements().add(pass.rows(), dy, inputGradients[p]);
      } else {
        drop(pass, p, dy, inputGradients[p]);
      }
    }
  }

  private void drop(Pass pass, int position, Matrix from, Matrix to) {
    rate.drop(kernels, pass, sameAtAllSteps ? 0 : position, from, to);
  }
}
