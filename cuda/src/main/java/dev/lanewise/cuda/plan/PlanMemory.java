package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.network.CudaStack;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.SampleSizes;

/**
 * All that a plan keeps on the device, but the data.
 *
 * @param stack the layers
 * @param update the optimizer's state
 * @param training the record of the batch that is trained on
 * @param other the record of the batch that is evaluated or answered
 */
record PlanMemory(CudaStack stack, CudaUpdate update, BatchRecord training, BatchRecord other) {
  /** The samples of a pass that goes forward alone: fewer leave much of a large device idle. */
  static final int EVALUATED_ROWS = 1_024;

  /** What room for them may cost beside a batch's: 20 MB are usual, long sequences need more. */
  private static final long MOST_BYTES = 256L << 20;

  static PlanMemory in(DeviceArena arena, ModelSpec spec, int rows, long seed) {
    CudaStack stack = new CudaStack(arena, spec, rows, true, seed);
    int width = stack.measures().width();
    return new PlanMemory(
        stack,
        new CudaUpdate(arena, spec, stack),
        new BatchRecord(arena, spec.outputs().size(), width),
        new BatchRecord(arena, spec.outputs().size(), width));
  }

  /** Returns the bytes of a plan whose passes take so many samples. */
  static long bytes(ModelSpec spec, int rows) {
    DeviceArena counting = DeviceArena.counting();
    in(counting, spec, rows, 0);
    return counting.bytes();
  }

  /**
   * Returns the samples of a plan's largest pass: those of a batch, or {@link #EVALUATED_ROWS}
   * where that costs little.
   *
   * @param left the device's bytes beside those of a plan for batches
   */
  static int rows(ModelSpec spec, int maximumBatch, long left) {
    long most = Math.min(MOST_BYTES, left / 2);
    if (maximumBatch >= EVALUATED_ROWS
        || (long) SampleSizes.of(spec).input() * Float.BYTES * EVALUATED_ROWS > most) {
      return maximumBatch;
    }
    long more = bytes(spec, EVALUATED_ROWS) - bytes(spec, maximumBatch);
    return more <= most ? EVALUATED_ROWS : maximumBatch;
  }
}
