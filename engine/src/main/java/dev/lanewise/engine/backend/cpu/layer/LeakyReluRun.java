package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.LeakyRelu;
import org.jspecify.annotations.Nullable;

/** {@link LeakyRelu} at work. A slope of 0 or more leaves the sign: it tells the derivative. */
public final class LeakyReluRun extends BetweenRun {
  private final CheckedKernels kernels;
  private final float slope;
  private final @Nullable StepMask mask;

  public LeakyReluRun(LeakyRelu layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    kernels = context.kernels();
    slope = (float) layer.negativeSlope();
    mask = signals.mask();
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      kernels.copy(pass.rows(), inputs[p], outputs[p]);
      kernels.elements().leakyRelu(pass.rows(), slope, outputs[p]);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      kernels.elements().leakyReluDerivative(pass.rows(), slope, outputGradients[p], outputs[p]);
      kernels.copy(pass.rows(), outputGradients[p], inputGradients[p]);
    }
  }
}
