package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import org.jspecify.annotations.Nullable;

/** A place on the device for what one output should be, of one data set at a time. */
final class AnswerSlot {
  private final Device device;
  private final Transfers transfers;
  private @Nullable DeviceMemory targets;
  private @Nullable DeviceMemory weights;

  AnswerSlot(Device device, Transfers transfers) {
    this.device = device;
    this.transfers = transfers;
  }

  /** Brings the targets of a data set's samples to the device. */
  Answers take(Dataset data, Targets own) {
    DeviceMemory place = device.atLeast(targets, "targets", (long) data.size() * own.width());
    targets = place;
    long weighted = weights(data, own);
    if (own.areLabels()) {
      transfers.copyIn(place.address(), labels(data, own));
      return new Answers(place.address(), 0, weighted);
    }
    transfers.copyIn(place.address(), values(data, own));
    return new Answers(0, place.address(), weighted);
  }

  private long weights(Dataset data, Targets own) {
    if (!own.areWeighted()) {
      return 0;
    }
    int steps = own.weightsOfSample();
    float[] values = new float[Math.multiplyExact(data.size(), steps)];
    for (int i = 0; i < values.length; i++) {
      values[i] = own.weight(data.firstSample() + i / steps, i % steps);
    }
    DeviceMemory place = device.atLeast(weights, "weights of samples", values.length);
    weights = place;
    transfers.copyIn(place.address(), values);
    return place.address();
  }

  private static int[] labels(Dataset data, Targets own) {
    int width = own.width();
    int[] labels = new int[Math.multiplyExact(data.size(), width)];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = own.label(data.firstSample() + i / width, i % width);
    }
    return labels;
  }

  private static float[] values(Dataset data, Targets own) {
    int width = own.width();
    float[] values = new float[Math.multiplyExact(data.size(), width)];
    for (int i = 0; i < values.length; i++) {
      values[i] = own.value(data.firstSample() + i / width, i % width);
    }
    return values;
  }
}
