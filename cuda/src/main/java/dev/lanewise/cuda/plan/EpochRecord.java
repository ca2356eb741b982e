package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.backend.Epoch;
import dev.lanewise.engine.backend.Updates;
import org.jspecify.annotations.Nullable;

/** What the device is told of an epoch: the samples' order, and each update's factor. */
final class EpochRecord {
  private final Device device;
  private final Transfers transfers;
  private final BatchRecord batch;
  private @Nullable DeviceMemory order;
  private @Nullable DeviceMemory stepSizes;

  EpochRecord(Device device, Transfers transfers, BatchRecord batch) {
    this.device = device;
    this.transfers = transfers;
    this.batch = batch;
  }

  /**
   * Writes the rest of an epoch over some data.
   *
   * @param updating whether its batches end in updates
   */
  void write(ResidentData data, Epoch epoch, Updates updates, boolean updating) {
    int[] samples = epoch.order();
    int batches = Math.ceilDiv(samples.length - epoch.position(), epoch.batchSize());
    float[] factors = new float[Math.multiplyExact(batches, CudaUpdate.FACTORS)];
    for (int i = 0; i < batches; i++) {
      float[] each = CudaUpdate.factors(updates.rule(), updates.done() + i);
      System.arraycopy(each, 0, factors, i * CudaUpdate.FACTORS, CudaUpdate.FACTORS);
    }
    DeviceMemory orderPlace = device.atLeast(order, "the order of samples", samples.length);
    order = orderPlace;
    DeviceMemory factorPlace = device.atLeast(stepSizes, "step sizes", factors.length);
    stepSizes = factorPlace;
    transfers.copyIn(orderPlace.address(), samples);
    transfers.copyIn(factorPlace.address(), factors);
    batch.write(
        transfers,
        data,
        orderPlace.address(),
        updating ? factorPlace.address() : 0,
        epoch.position(),
        updates.done());
  }
}
