package dev.lanewise.engine.metric;

/**
 * The areas under the curves of {@link Measure.Auc}, of sums over positives, then negatives, by
 * where outputs are between thresholds.
 */
final class AreaUnderCurve {
  private AreaUnderCurve() {}

  /** Returns the area of trapezoids of true positives' rate against false positives'. */
  static double ofRates(double[] sums, int at, int thresholds) {
    double positives = total(sums, at, thresholds);
    double negatives = total(sums, at + thresholds, thresholds);
    double above = 0;
    double below = 0;
    double area = 0;
    double rate = 0;
    double falseRate = 0;
    for (int i = thresholds - 1; i >= 0; i--) { // what is above threshold i
      above += sums[at + i];
      below += sums[at + thresholds + i];
      double nextRate = Share.of(above, positives);
      double nextFalseRate = Share.of(below, negatives);
      if (i < thresholds - 1) {
        area += (nextFalseRate - falseRate) * (nextRate + rate) / 2;
      }
      rate = nextRate;
      falseRate = nextFalseRate;
    }
    return area;
  }

  /**
   * Returns the area of precision against recall. Between thresholds true positives T are taken as
   * linear in what is called positive, P: T = s P + c, so that the integral of T / P is s (dT + c
   * ln (P_a / P_b)), over all positives (Davis and Goadrich, 2006, and Keras's interpolation).
   */
  static double ofPrecision(double[] sums, int at, int thresholds) {
    double positives = total(sums, at, thresholds);
    double right = 0; // T above the threshold before
    double called = 0; // P
    double area = 0;
    for (int i = thresholds - 1; i >= 0; i--) {
      double nextRight = right + sums[at + i];
      double nextCalled = called + sums[at + i] + sums[at + thresholds + i];
      if (i < thresholds - 1) {
        double slope = Share.of(nextRight - right, nextCalled - called);
        double intercept = right - slope * called;
        double ratio = nextCalled > 0 && called > 0 ? nextCalled / called : 1;
        area += Share.of(slope * (nextRight - right + intercept * Math.log(ratio)), positives);
      }
      right = nextRight;
      called = nextCalled;
    }
    return area;
  }

  private static double total(double[] sums, int at, int count) {
    double total = 0;
    for (int i = count - 1; i >= 0; i--) {
      total += sums[at + i];
    }
    return total;
  }
}
