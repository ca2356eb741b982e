package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.layer.Relu;
import org.jspecify.annotations.Nullable;

/** {@link Relu} at work, in plain loops: a comparison or two an element. */
public final class ReluRun extends BetweenRun {
  private final float slope;
  private final float threshold;
  private final float most;
  private final @Nullable StepMask mask;

  public ReluRun(Relu layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    slope = (float) layer.negativeSlope();
    threshold = (float) layer.threshold();
    most = layer.maxValue() == null ? Float.POSITIVE_INFINITY : layer.maxValue().floatValue();
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
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float x = inputs[p].get(r, c);
          float below = slope == 0 ? 0 : slope * (x - threshold);
          outputs[p].set(r, c, x > threshold ? Math.min(x, most) : below);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float x = inputs[p].get(r, c);
          float above = x < most ? 1 : 0; // as at any corner of a rectifier
          inputGradients[p].set(
              r, c, outputGradients[p].get(r, c) * (x > threshold ? above : slope));
        }
      }
    }
  }
}
