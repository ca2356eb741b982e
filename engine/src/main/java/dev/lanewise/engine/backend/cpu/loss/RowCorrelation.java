package dev.lanewise.engine.backend.cpu.loss;

/** How a row's outputs go with its targets, both less their means over the row's units. */
final class RowCorrelation {
  private static final double EPSILON = 1e-7;

  private RowCorrelation() {}

  /** Returns Pearson's; of outputs or targets that are all alike it is NaN, as in Keras. */
  static double pearson(OutputRow row) {
    double ofOutputs = outputMean(row);
    double ofTargets = targetMean(row);
    double outputs = outputVariance(row, ofOutputs);
    double targets = targetVariance(row, ofTargets);
    return covariance(row, ofOutputs, ofTargets) / (Math.sqrt(outputs) * Math.sqrt(targets));
  }

  /** Returns Lin's. */
  static double concordance(OutputRow row) {
    double ofOutputs = outputMean(row);
    double ofTargets = targetMean(row);
    double apart = ofTargets - ofOutputs;
    double varied = outputVariance(row, ofOutputs) + targetVariance(row, ofTargets);
    double joint = covariance(row, ofOutputs, ofTargets);
    return 2 * joint / (varied + apart * apart + EPSILON);
  }

  private static double outputMean(OutputRow row) {
    double sum = 0;
    for (int c = 0; c < row.units(); c++) {
      sum += row.output(c);
    }
    return sum / row.units();
  }

  private static double targetMean(OutputRow row) {
    double sum = 0;
    for (int c = 0; c < row.units(); c++) {
      sum += row.target(c);
    }
    return sum / row.units();
  }

  private static double outputVariance(OutputRow row, double mean) {
    double squares = 0;
    for (int c = 0; c < row.units(); c++) {
      double apart = row.output(c) - mean;
      squares += apart * apart;
    }
    return squares / row.units();
  }

  private static double targetVariance(OutputRow row, double mean) {
    double squares = 0;
    for (int c = 0; c < row.units(); c++) {
      double apart = row.target(c) - mean;
      squares += apart * apart;
    }
    return squares / row.units();
  }

  private static double covariance(OutputRow row, double ofOutputs, double ofTargets) {
    double products = 0;
    for (int c = 0; c < row.units(); c++) {
      products += (row.output(c) - ofOutputs) * (row.target(c) - ofTargets);
    }
    return products / row.units();
  }
}
