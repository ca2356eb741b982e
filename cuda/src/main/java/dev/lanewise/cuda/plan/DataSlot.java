package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A place on the device for one data set at a time: its targets and its samples' results. */
final class DataSlot {
  private final Device device;
  private final Transfers transfers;
  private final FeatureStore features;
  private final int width;
  private final List<AnswerSlot> answers = new ArrayList<>();
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
    long values = data.inputs().stream().mapToLong(Shape::elementCount).sum();
    long each = values * (data.hasBytes() ? 1 : Float.BYTES);
    long first = features.addressOf(data) + data.firstSample() * each;
    results = device.atLeast(results, "results", (long) data.size() * width);
    ResidentData taken =
        (data.hasBytes() ? ResidentData.ofBytes(first) : ResidentData.ofFloats(first))
            .withResults(results.address());
    return wantsTargets ? taken.withAnswers(answers(data)) : taken;
  }

  private List<Answers> answers(Dataset data) {
    while (answers.size() < data.outputs()) {
      answers.add(new AnswerSlot(device, transfers));
    }
    return IntStream.range(0, data.outputs())
        .mapToObj(output -> answers.get(output).take(data, data.targets(output)))
        .toList();
  }

  /** Makes room for results: an epoch may name samples several times, each with its own result. */
  ResidentData withResultsOf(ResidentData data, int places) {
    DeviceMemory place = device.atLeast(results, "results", (long) places * width);
    results = place;
    return data.withResults(place.address());
  }
}
