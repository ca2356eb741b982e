package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.data.Dataset;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A plan's data on the device: what it is trained on, one more data set, and their features. */
final class PlanData {
  private final FeatureStore features;
  private final DataSlot training;
  private final DataSlot other;

  /**
   * Creates places without data.
   *
   * @param width the floats of a sample's results
   */
  PlanData(Device device, Transfers transfers, int width) {
    features = new FeatureStore(device, transfers);
    training = new DataSlot(device, transfers, features, width);
    other = new DataSlot(device, transfers, features, width);
  }

  /** Brings what to train on to the device, and lets all else go. */
  ResidentData takeTraining(Dataset dataset) {
    training.choose(dataset);
    other.forget();
    forgetOtherFeatures();
    return training.take(dataset, true);
  }

  /** Brings another data set to the device, beside what is trained on. */
  ResidentData takeOther(Dataset dataset, boolean wantsTargets) {
    other.choose(dataset);
    forgetOtherFeatures();
    return other.take(dataset, wantsTargets);
  }

  /** Makes room for the results of an epoch over what is trained on. */
  ResidentData withResultsOf(ResidentData trained, int places) {
    return training.withResultsOf(trained, places);
  }

  private void forgetOtherFeatures() {
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    training.addArrayTo(used);
    other.addArrayTo(used);
    features.keepOnly(used);
  }
}
