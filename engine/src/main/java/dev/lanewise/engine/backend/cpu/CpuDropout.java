package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** {@link dev.lanewise.engine.layer.Dropout} and its like on the CPU. */
final class CpuDropout implements WeightlessLayer {
  private static final double BITS = 0x1p24;

  /** The share that is dropped, in 2^-24. */
  final int threshold;

  /** What is kept is multiplied by it. */
  final float scale;

  /** Whether a sample loses the same elements at all steps. */
  final boolean sameAtAllSteps;

  final int index;
  private final Shape input;

  /**
   * Describes a layer.
   *
   * @param index its number in the model, which tells its draws from others'
   */
  CpuDropout(double rate, boolean sameAtAllSteps, int index, Shape input) {
    threshold = (int) Math.round(rate * BITS);
    scale = (float) (1 / (1 - rate));
    this.sameAtAllSteps = sameAtAllSteps;
    this.index = index;
    this.input = input;
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new DropoutRun(this, context, new Signals(below, context, input));
  }
}
