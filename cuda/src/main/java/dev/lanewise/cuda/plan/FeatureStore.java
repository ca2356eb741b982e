package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.DeviceMemory;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.data.Dataset;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Feature arrays on the device. Slices of one data set share their array, which is copied once: the
 * samples to train on and those held out are two views of it.
 */
final class FeatureStore {
  private final Device device;
  private final Transfers transfers;

  /** Copies by array. A data set's array is not changed, so that its identity is enough. */
  private final IdentityHashMap<Object, DeviceMemory> copies = new IdentityHashMap<>();

  FeatureStore(Device device, Transfers transfers) {
    this.device = device;
    this.transfers = transfers;
  }

  static Object arrayOf(Dataset data) {
    return data.hasBytes() ? data.byteFeatures() : data.floatFeatures();
  }

  /**
   * Returns the address of an array's copy, made now if there is none.
   *
   * @throws dev.lanewise.engine.tensor.InsufficientMemoryException if it does not fit
   */
  long addressOf(Dataset data) {
    Object array = arrayOf(data);
    DeviceMemory copy = copies.get(array);
    if (copy != null) {
      return copy.address();
    }
    long size =
        data.hasBytes()
            ? data.byteFeatures().length
            : (long) data.floatFeatures().length * Float.BYTES;
    device.requireRoom("a data set of " + data.size() + " samples", size);
    DeviceMemory memory = device.allocate("a data set", size);
    if (data.hasBytes()) {
      transfers.copyIn(memory.address(), data.byteFeatures());
    } else {
      transfers.copyIn(memory.address(), data.floatFeatures());
    }
    copies.put(array, memory);
    return memory.address();
  }

  /** Frees the copies of all arrays but these. */
  void keepOnly(Set<Object> arrays) {
    Iterator<Map.Entry<Object, DeviceMemory>> each = copies.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Object, DeviceMemory> copy = each.next();
      if (!arrays.contains(copy.getKey())) {
        device.free(copy.getValue());
        each.remove();
      }
    }
  }
}
