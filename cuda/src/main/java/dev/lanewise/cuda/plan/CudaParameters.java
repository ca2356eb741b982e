package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.network.CudaStack;
import dev.lanewise.cuda.network.RnnFused;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/** Carries arrays of the model's parameters between the host and the flat arrays of the device. */
final class CudaParameters {
  private final Device device;
  private final Transfers transfers;
  private final KernelCalls calls;
  private final CudaStack stack;
  private final List<ParameterSpec> parameters;
  private final float start;

  CudaParameters(
      Device device, Transfers transfers, KernelCalls calls, ModelSpec spec, CudaStack stack) {
    this.device = device;
    this.transfers = transfers;
    this.calls = calls;
    this.stack = stack;
    parameters = spec.parameters();
    start = spec.optimizer().slotStart();
    RnnFused fused = stack.fused();
    if (fused != null) { // tiles are larger than the weights, what is beyond them counts as zero
      for (long copy : fused.packed()) {
        device.clear(copy, fused.packedSize());
      }
      device.rehearse(this::pack);
    }
  }

  private void pack() {
    calls.packWeights(stack.weights(), stack.count(), stack.packing());
  }

  /** Sets the weights, and the copies that the fused kernels read. */
  void loadWeights(List<float[]> values) {
    write(stack.weights(), values);
    if (stack.fused() != null) {
      pack();
    }
  }

  /** Sets one of the optimizer's arrays. */
  void write(long to, List<float[]> values) {
    long at = to;
    for (float[] value : values) {
      transfers.copyIn(at, value);
      at += (long) value.length * Float.BYTES;
    }
  }

  /** Sets one of the optimizer's arrays to what it begins with. */
  void start(long array) {
    device.fill(array, stack.count(), start);
  }

  /** Returns a copy of the weights, or of an array of their size. */
  List<float[]> read(long from) {
    List<float[]> values = new ArrayList<>();
    long at = from;
    for (ParameterSpec parameter : parameters) {
      int length = Math.toIntExact(parameter.shape().elementCount());
      values.add(transfers.copyOut(at, length));
      at += (long) length * Float.BYTES;
    }
    return values;
  }
}
