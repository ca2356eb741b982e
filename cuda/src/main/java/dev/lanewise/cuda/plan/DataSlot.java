package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.data.Dataset;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place on the device for one data set at a time: its targets and its samples' results. */
final class DataSlot {
  private final Device device;
  private final Transfers transfers;
  private final FeatureStore features;
  private final int width;
  private @Nullable DeviceMemory targets;
  private @Nullable DeviceMemory weights;
  private @Nullable DeviceMemory results;
  private @Nullable Object array;

  /**
   * Creates an empty place.
   *
   * @param width the floats of a sample's results
   */
  DataSlot(Device device, Transfers transfers, FeatureStore features, int width) {
    this.width = width;
    this.device = device;
    this.transfers = transfers;
    this.features = features;
  }

  /** Adds the feature array of the data set at hand, if there is one. */
  void addArrayTo(Set<Object> arrays) {
    if (array != null) {
      arrays.add(array);
    }
  }

  /** Says which data set is next, so that what else is on the device can make room for it. */
  void choose(Dataset data) {
    array = FeatureStore.arrayOf(data);
  }

  /** Lets the data set at hand go. */
  void forget() {
    array = null;
  }

  /**
   * Brings the chosen data set to the device.
   *
   * @param wantsTargets whether targets are needed
   */
  ResidentData take(Dataset data, boolean wantsTargets) {
    long each = data.sampleShape().elementCount() * (data.hasBytes() ? 1 : Float.BYTES);
    long first = features.addressOf(data) + data.firstSample() * each;
    results = device.atLeast(results, "results", (long) data.size() * width);
    ResidentData taken =
        (data.hasBytes() ? ResidentData.ofBytes(first) : ResidentData.ofFloats(first))
            .withResults(results.address());
    return wantsTargets ? weighted(data, targeted(data, taken)) : taken;
  }

  private ResidentData targeted(Dataset data, ResidentData taken) {
    DeviceMemory place =
        device.atLeast(targets, "targets", (long) data.size() * data.targetWidth());
    targets = place;
    if (data.hasLabels()) {
      transfers.copyIn(place.address(), labels(data));
      return taken.withTargets(place.address(), 0);
    }
    transfers.copyIn(place.address(), targets(data));
    return taken.withTargets(0, place.address());
  }

  private ResidentData weighted(Dataset data, ResidentData taken) {
    if (!data.hasSampleWeights()) {
      return taken;
    }
    int steps = data.targets(0).weightsOfSample();
    float[] values = new float[Math.multiplyExact(data.size(), steps)];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.sampleWeight(i / steps, i % steps);
    }
    DeviceMemory place = device.atLeast(weights, "weights of samples", values.length);
    weights = place;
    transfers.copyIn(place.address(), values);
    return taken.withWeights(place.address());
  }

  /** Makes room for results: an epoch may name samples several times, each with its own result. */
  ResidentData withResultsOf(ResidentData data, int places) {
    DeviceMemory place = device.atLeast(results, "results", (long) places * width);
    results = place;
    return data.withResults(place.address());
  }

  private static int[] labels(Dataset data) {
    int width = data.targetWidth();
    int[] labels = new int[Math.multiplyExact(data.size(), width)];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = data.label(i / width, i % width);
    }
    return labels;
  }

  private static float[] targets(Dataset data) {
    int width = data.targetWidth();
    float[] values = new float[Math.multiplyExact(data.size(), width)];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.target(i / width, i % width);
    }
    return values;
  }
}
