package dev.lanewise.cuda;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.engine.backend.ModelSpec;

/**
 * All that a plan keeps on the device, but the data.
 *
 * @param stack the layers
 * @param update the optimizer's state
 * @param training the record of the batch that is trained on
 * @param other the record of the batch that is evaluated or answered
 */
record PlanMemory(CudaStack stack, CudaUpdate update, BatchRecord training, BatchRecord other) {
  static PlanMemory in(DeviceArena arena, ModelSpec spec, int maximumBatch) {
    CudaStack stack = new CudaStack(arena, spec, maximumBatch, true);
    return new PlanMemory(
        stack, new CudaUpdate(arena, spec, stack), new BatchRecord(arena), new BatchRecord(arena));
  }
}
