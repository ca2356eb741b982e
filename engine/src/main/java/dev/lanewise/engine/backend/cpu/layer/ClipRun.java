package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Clip;

/** {@link Clip} at work. */
final class ClipRun extends BetweenRun {
  private static final float HALF = 0.5f;

  private final float least;
  private final float most;

  ClipRun(Clip layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    least = (float) layer.least();
    most = (float) layer.most();
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          outputs[p].set(r, c, Math.min(Math.max(inputs[p].get(r, c), least), most));
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < outputs[p].columns(); c++) {
          float share = share(inputs[p].get(r, c));
          inputGradients[p].set(r, c, outputGradients[p].get(r, c) * share);
        }
      }
    }
  }

  private float share(float x) {
    float above = x > least ? 1 : x == least ? HALF : 0;
    float below = x < most ? 1 : x == most ? HALF : 0;
    return above * below;
  }
}
