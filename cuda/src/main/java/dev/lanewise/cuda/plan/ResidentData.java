package dev.lanewise.cuda.plan;

/**
 * A data set on the device; addresses are 0 for what it does not have.
 *
 * @param bytes features [samples][positions][width], one of these two
 * @param floats features as floats
 * @param labels classes [samples][positions], at most one of these two
 * @param targets values [samples][positions][units]
 * @param weights by how much samples count, [samples][positions]
 * @param results where losses and metrics go, for each place of the order
 */
record ResidentData(
    long bytes, long floats, long labels, long targets, long weights, long results) {
  /** Returns features alone. */
  static ResidentData ofBytes(long address) {
    return new ResidentData(address, 0, 0, 0, 0, 0);
  }

  /** Returns features alone. */
  static ResidentData ofFloats(long address) {
    return new ResidentData(0, address, 0, 0, 0, 0);
  }

  ResidentData withTargets(long newLabels, long newTargets) {
    return new ResidentData(bytes, floats, newLabels, newTargets, weights, results);
  }

  ResidentData withWeights(long newWeights) {
    return new ResidentData(bytes, floats, labels, targets, newWeights, results);
  }

  ResidentData withResults(long newResults) {
    return new ResidentData(bytes, floats, labels, targets, weights, newResults);
  }
}
