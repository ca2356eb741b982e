package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.network.CudaStack;
import dev.lanewise.cuda.network.RnnFused;
import dev.lanewise.cuda.network.WeightPlaces;
import dev.lanewise.cuda.network.WeightPlaces.Place;
import dev.lanewise.engine.backend.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** Carries arrays of the model's parameters between the host and the flat arrays of the device. */
final class CudaParameters {
  private final Device device;
  private final Transfers transfers;
  private final KernelCalls calls;
  private final CudaStack stack;
  private final WeightPlaces places;
  private final float start;

  CudaParameters(
      Device device, Transfers transfers, KernelCalls calls, ModelSpec spec, CudaStack stack) {
    this.device = device;
    this.transfers = transfers;
    this.calls = calls;
    this.stack = stack;
    places = stack.places();
    start = spec.optimizer().slotStart();
    RnnFused fused = stack.fused();
    if (fused != null) { // tiles are larger than the weights, what is beyond them counts as zero
      for (RnnFused.Zeros zeros : fused.zeros()) {
        device.clear(zeros.address(), zeros.size());
      }
      device.rehearse(() -> pack(fused));
    }
  }

  private void pack(RnnFused fused) {
    calls.packWeights(stack.weights(), places.count(), fused.packing());
  }

  /** Sets the weights, and the copies that the fused kernels read. */
  void loadWeights(List<float[]> values) {
    write(stack.weights(), places.all(), values);
    RnnFused fused = stack.fused();
    if (fused != null) {
      pack(fused);
    }
  }

  /** Sets one of the optimizer's arrays. */
  void writeSlot(long to, List<float[]> values) {
    write(to, places.trained(), values);
  }

  private void write(long to, List<Place> arrays, List<float[]> values) {
    for (int i = 0; i < arrays.size(); i++) {
      transfers.copyIn(to + (long) arrays.get(i).begin() * Float.BYTES, values.get(i));
    }
  }

  /** Sets one of the optimizer's arrays to what it begins with. */
  void start(long array) {
    device.fill(array, places.trainedCount(), start);
  }

  /** Returns a copy of the weights. */
  List<float[]> weights() {
    return read(stack.weights(), places.all());
  }

  /** Returns a copy of the gradients, or of one of the optimizer's arrays. */
  List<float[]> read(long from) {
    return read(from, places.trained());
  }

  private List<float[]> read(long from, List<Place> arrays) {
    List<float[]> values = new ArrayList<>();
    for (Place array : arrays) {
      values.add(transfers.copyOut(from + (long) array.begin() * Float.BYTES, array.length()));
    }
    return values;
  }
}
