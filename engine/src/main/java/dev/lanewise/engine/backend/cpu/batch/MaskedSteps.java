package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.tensor.Shape;

/**
 * Counts the masked steps of samples before they go through a model whose first layer makes a mask
 * of them. A loss divides by the steps that count in its whole batch, of which a worker sees its
 * rows alone.
 */
public final class MaskedSteps implements IdleSteps {
  private static final float WHITE = 255;

  private final int steps;
  private final int features;
  private final float value;

  /**
   * Makes one.
   *
   * @param input the shape of one sample, [steps, features], or [steps] of one feature each
   * @param value what every feature of a masked step is
   */
  public MaskedSteps(Shape input, float value) {
    steps = input.size(0);
    features = input.rank() == 1 ? 1 : input.size(1);
    this.value = value;
  }

  @Override
  public int most() {
    return steps;
  }

  @Override
  public int of(byte[] values, int sample) {
    int masked = 0;
    int end = (sample + 1) * steps * features;
    for (int from = sample * steps * features; from < end; from += features) {
      int at = from;
      while (at < from + features && (values[at] & 0xFF) / WHITE == value) {
        at++;
      }
      masked += at == from + features ? 1 : 0;
    }
    return masked;
  }

  @Override
  public int of(float[] values, int sample) {
    int masked = 0;
    int end = (sample + 1) * steps * features;
    for (int from = sample * steps * features; from < end; from += features) {
      int at = from;
      while (at < from + features && values[at] == value) {
        at++;
      }
      masked += at == from + features ? 1 : 0;
    }
    return masked;
  }
}
