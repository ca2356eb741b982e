package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** {@link dev.lanewise.engine.layer.Dropout} and its like on the CPU. */
public final class CpuDropout implements WeightlessLayer {
  private final DropRate rate;
  private final boolean sameAtAllSteps;
  private final Shape input;

  /**
   * Describes a layer.
   *
   * @param sameAtAllSteps whether a sample loses the same elements at all steps
   */
  public CpuDropout(DropRate rate, boolean sameAtAllSteps, Shape input) {
    this.rate = rate;
    this.sameAtAllSteps = sameAtAllSteps;
    this.input = input;
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new DropoutRun(rate, sameAtAllSteps, context, new Signals(below, context, input));
  }
}
