package dev.lanewise.engine.metric;

/**
 * What a metric measures: which sums it keeps and what it makes of them. Backends add to the sums;
 * a model's row is its outputs at one step of one sample, and w the row's weight, 1 unless the
 * metric is weighted.
 */
public sealed interface Measure {
  /** {@return how many sums are kept} */
  default int sums() {
    return 2;
  }

  /**
   * {@return the value}
   *
   * @param sums where the sums are
   * @param at the place of the first
   */
  default double result(double[] sums, int at) {
    return quotient(sums[at], sums[at + 1]);
  }

  /**
   * {@return whether masked steps are left out} Keras leaves them out of means of what a function
   * says of each step; other measures take them all.
   */
  default boolean heedsMasks() {
    return switch (this) {
      case Accuracy _,
          BinaryAccuracy _,
          CategoricalAccuracy _,
          TopKCategoricalAccuracy _,
          MeanAbsoluteError _,
          MeanSquaredError _,
          CosineSimilarity _ ->
          true;
      case OutputLoss _, RootMeanSquaredError _, Precision _, Recall _, Auc _ -> false;
    };
  }

  /** {@return whether a larger value is a better one; of errors the smaller is} */
  default boolean moreIsBetter() {
    return switch (this) {
      case Accuracy _,
          BinaryAccuracy _,
          CategoricalAccuracy _,
          TopKCategoricalAccuracy _,
          CosineSimilarity _,
          Precision _,
          Recall _,
          Auc _ ->
          true;
      case OutputLoss _, MeanAbsoluteError _, MeanSquaredError _, RootMeanSquaredError _ -> false;
    };
  }

  /** Returns a share of what may be nothing: then it is 0, as in Keras. */
  private static double quotient(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  /**
   * The loss of one of several outputs, before its weight among them; sums of the samples' losses
   * and of their number.
   */
  record OutputLoss() implements Measure {}

  /**
   * What suits the outputs: {@link BinaryAccuracy} of a single unit, {@link CategoricalAccuracy} of
   * several.
   */
  record Accuracy() implements Measure {}

  /**
   * The share of a row's outputs on their target's side: 1 where y is above the threshold, 0
   * elsewhere; sums of w v and w.
   *
   * @param threshold above which an output says yes
   */
  record BinaryAccuracy(double threshold) implements Measure {}

  /** Whether the largest output, the first on ties, is at the target's class; sums of w v and w. */
  record CategoricalAccuracy() implements Measure {}

  /**
   * Whether fewer than k outputs are larger than that at the target's class; sums of w v and w.
   *
   * @param k how many may be right, at least 1
   */
  record TopKCategoricalAccuracy(int k) implements Measure {
    /**
     * Validates the number.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public TopKCategoricalAccuracy {
      if (k < 1) {
        throw new IllegalArgumentException(
            "TopKCategoricalAccuracy: k must be at least 1, found " + k);
      }
    }
  }

  /** The mean of |y - t|; sums of w v and w. */
  record MeanAbsoluteError() implements Measure {}

  /** The mean of (y - t)^2; sums of w v and w. */
  record MeanSquaredError() implements Measure {}

  /** The root of the mean of (y - t)^2 over all outputs; sums of w v and w. */
  record RootMeanSquaredError() implements Measure {
    @Override
    public double result(double[] sums, int at) {
      return Math.sqrt(quotient(sums[at], sums[at + 1]));
    }
  }

  /** The cosine between outputs and targets; sums of w v and w. */
  record CosineSimilarity() implements Measure {}

  /**
   * The share of what was called positive that is; sums of w over true and false positives.
   *
   * @param threshold above which an output says yes
   */
  record Precision(double threshold) implements Measure {
    @Override
    public double result(double[] sums, int at) {
      return quotient(sums[at], sums[at] + sums[at + 1]);
    }
  }

  /**
   * The share of what is positive that was called so; sums of w over true positives and false
   * negatives.
   *
   * @param threshold above which an output says yes
   */
  record Recall(double threshold) implements Measure {
    @Override
    public double result(double[] sums, int at) {
      return quotient(sums[at], sums[at] + sums[at + 1]);
    }
  }

  /**
   * The area under the curve of true positives' rate against false positives', from trapezoids
   * between thresholds that divide [0, 1] evenly; sums of w over the positives, then the negatives,
   * between neighbouring thresholds.
   *
   * @param thresholds how many, at least 2
   */
  record Auc(int thresholds) implements Measure {
    /** Keras's number. */
    public static final int THRESHOLDS = 200;

    private static final int MOST = 1 << 16;

    /**
     * Validates the number.
     *
     * @throws IllegalArgumentException if it is below 2 or above 2^16
     */
    public Auc {
      if (thresholds < 2 || thresholds > MOST) {
        throw new IllegalArgumentException(
            "Auc: thresholds must be 2 to " + MOST + ", found " + thresholds);
      }
    }

    @Override
    public int sums() {
      return 2 * thresholds;
    }

    @Override
    public double result(double[] sums, int at) {
      double positives = 0;
      double negatives = 0;
      for (int i = thresholds - 1; i >= 0; i--) {
        positives += sums[at + i];
        negatives += sums[at + thresholds + i];
      }
      double above = 0;
      double below = 0;
      double area = 0;
      double rate = 0;
      double falseRate = 0;
      for (int i = thresholds - 1; i >= 0; i--) { // what is above threshold i
        above += sums[at + i];
        below += sums[at + thresholds + i];
        double nextRate = quotient(above, positives);
        double nextFalseRate = quotient(below, negatives);
        if (i < thresholds - 1) {
          area += (nextFalseRate - falseRate) * (nextRate + rate) / 2;
        }
        rate = nextRate;
        falseRate = nextFalseRate;
      }
      return area;
    }
  }
}
