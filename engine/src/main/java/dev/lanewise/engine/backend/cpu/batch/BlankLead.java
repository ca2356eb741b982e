package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/**
 * Counts the time steps at a sample's beginning that are all zeros: the rows above a digit, the
 * padding before a short sequence.
 */
public final class BlankLead implements IdleSteps {
  private final int steps;
  private final int features;
  private final byte[] noBytes;
  private final float[] noFloats;

  /**
   * Makes one for samples [steps, features].
   *
   * @param input the shape of one sample
   */
  public BlankLead(Shape input) {
    steps = input.size(0);
    features = input.size(1);
    noBytes = new byte[steps * features];
    noFloats = new float[steps * features];
  }

  /** All but the last step can be. */
  @Override
  public int most() {
    return steps - 1;
  }

  @Override
  public boolean areLeads() {
    return true;
  }

  @Override
  public int of(byte[] values, int sample, StepWindow window) {
    int from = sample * noBytes.length;
    return within(
        window, Arrays.mismatch(values, from, from + noBytes.length, noBytes, 0, noBytes.length));
  }

  /** -0 is not blank. */
  @Override
  public int of(float[] values, int sample, StepWindow window) {
    int from = sample * noFloats.length;
    return within(
        window,
        Arrays.mismatch(values, from, from + noFloats.length, noFloats, 0, noFloats.length));
  }

  private int within(StepWindow window, int firstInk) {
    int blank = firstInk < 0 ? steps : firstInk / features;
    return Math.clamp(blank - window.before(steps), 0, window.within(steps) - 1);
  }
}
