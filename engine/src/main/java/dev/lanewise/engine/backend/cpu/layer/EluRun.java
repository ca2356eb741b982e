package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Elu;
import org.jspecify.annotations.Nullable;

/**
 * {@link Elu} at work: a leaky rectifier, whose slope is alpha, of the unit whose depth is 1. The
 * way back looks at its inputs, since at 0 itself Keras takes the slope from below, which is alpha.
 */
public final class EluRun extends BetweenRun {
  private final CheckedKernels kernels;
  private final float alpha;
  private final @Nullable StepMask mask;

  public EluRun(Elu layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    kernels = context.kernels();
    alpha = (float) layer.alpha();
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
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      kernels.copy(rows, inputs[p], outputs[p]);
      kernels.elements().activation(0, rows, outputs[p], Elementwise.ELU);
      kernels.elements().leakyRelu(rows, alpha, outputs[p]);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float slope = inputs[p].get(r, c) > 0 ? 1 : outputs[p].get(r, c) + alpha;
          inputGradients[p].set(r, c, outputGradients[p].get(r, c) * slope);
        }
      }
    }
  }
}
