package dev.lanewise.engine.metric;

import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What a metric measures: which sums it keeps and what it makes of them. Backends add to the sums;
 * a model's row is its outputs at one step of one sample, and w the row's weight, 1 unless the
 * metric is weighted.
 */
public sealed interface Measure
    permits Measure.OutputLoss,
        Measure.Accuracy,
        Measure.BinaryAccuracy,
        Measure.CategoricalAccuracy,
        Measure.TopKCategoricalAccuracy,
        Measure.OfLoss,
        Measure.RootMeanSquaredError,
        Measure.CosineSimilarity,
        Measure.Count,
        Measure.Precision,
        Measure.Recall,
        Measure.Auc,
        ConcordanceCorrelation,
        FBetaScore,
        IoU,
        OperatingPoint,
        PearsonCorrelation,
        R2Score {
  /**
   * {@return how many sums are kept}
   *
   * @param units those of the output that is measured
   */
  default int sums(int units) {
    return 2;
  }

  /**
   * {@return the value}
   *
   * @param sums where the sums are
   * @param at the place of the first
   * @param units those of the output that is measured
   */
  default double result(double[] sums, int at, int units) {
    return Share.of(sums[at], sums[at + 1]);
  }

  /**
   * {@return why it is not measured of such outputs, or null if it is}
   *
   * @param output the shape of one sample's
   */
  @SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
  default @Nullable String fault(Shape output) {
    return null;
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
          OfLoss _,
          CosineSimilarity _,
          PearsonCorrelation _,
          ConcordanceCorrelation _ ->
          true;
      case OutputLoss _,
          RootMeanSquaredError _,
          Count _,
          Precision _,
          Recall _,
          Auc _,
          OperatingPoint _,
          FBetaScore _,
          IoU _,
          R2Score _ ->
          false;
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
          Auc _,
          OperatingPoint _,
          FBetaScore _,
          IoU _,
          R2Score _,
          PearsonCorrelation _,
          ConcordanceCorrelation _ ->
          true;
      case Count count -> count.outcome().isRight();
      case OutputLoss _, OfLoss _, RootMeanSquaredError _ -> false;
    };
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

  /**
   * The mean of what a loss says of each row, without its gradient; sums of w v and w. A
   * crossentropy is taken from the logits below a softmax or a sigmoid where the output's own loss
   * takes them, too; elsewhere from clipped outputs, as Keras does where it knows no logits.
   *
   * @param loss any but {@link dev.lanewise.engine.loss.CosineSimilarity}, which has the other
   *     sign, and {@link Ctc}, which is of no step by itself
   */
  record OfLoss(Loss loss) implements Measure {
    /**
     * Validates the loss.
     *
     * @throws IllegalArgumentException if there is another measure of it, or none
     */
    public OfLoss {
      if (loss instanceof dev.lanewise.engine.loss.CosineSimilarity) {
        throw new IllegalArgumentException(
            "OfLoss: of cosine_similarity the metric is Measure.CosineSimilarity, without its"
                + " minus");
      }
      if (loss instanceof Ctc) {
        throw new IllegalArgumentException("OfLoss: ctc is of whole sequences, and no metric");
      }
    }
  }

  /** The root of the mean of (y - t)^2 over all outputs; sums of w v and w. */
  record RootMeanSquaredError() implements Measure {
    @Override
    public double result(double[] sums, int at, int units) {
      return Math.sqrt(Share.of(sums[at], sums[at + 1]));
    }
  }

  /** The cosine between outputs and targets; sums of w v and w. */
  record CosineSimilarity() implements Measure {}

  /** What may become of an output that says yes or no, its target being yes where it is not 0. */
  enum Outcome {
    /** Rightly called positive. */
    TRUE_POSITIVES(1),
    /** Wrongly called positive. */
    FALSE_POSITIVES(2),
    /** Rightly called negative. */
    TRUE_NEGATIVES(4),
    /** Wrongly called negative. */
    FALSE_NEGATIVES(8);

    private final int bit;

    Outcome(int bit) {
      this.bit = bit;
    }

    /** {@return whether the output is on its target's side} */
    public boolean isRight() {
      return this == TRUE_POSITIVES || this == TRUE_NEGATIVES;
    }

    /** {@return a number with one bit set, another for each} */
    public int bit() {
      return bit;
    }
  }

  /**
   * How many outputs came to this; sums of w over them, and over all others.
   *
   * @param outcome what is counted
   * @param threshold above which an output says yes
   */
  record Count(Outcome outcome, double threshold) implements Measure {
    @Override
    public double result(double[] sums, int at, int units) {
      return sums[at];
    }
  }

  /**
   * The share of what was called positive that is; sums of w over true and false positives.
   *
   * @param threshold above which an output says yes
   * @param selection which outputs are looked at
   */
  record Precision(double threshold, Selection selection) implements Measure {
    /**
     * Looks at all outputs.
     *
     * @param threshold above which one says yes
     */
    public Precision(double threshold) {
      this(threshold, Selection.ALL);
    }

    @Override
    @SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
    public @Nullable String fault(Shape output) {
      return selection.fault(output);
    }

    @Override
    public double result(double[] sums, int at, int units) {
      return Share.of(sums[at], sums[at] + sums[at + 1]);
    }
  }

  /**
   * The share of what is positive that was called so; sums of w over true positives and false
   * negatives.
   *
   * @param threshold above which an output says yes
   * @param selection which outputs are looked at
   */
  record Recall(double threshold, Selection selection) implements Measure {
    /**
     * Looks at all outputs.
     *
     * @param threshold above which one says yes
     */
    public Recall(double threshold) {
      this(threshold, Selection.ALL);
    }

    @Override
    @SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
    public @Nullable String fault(Shape output) {
      return selection.fault(output);
    }

    @Override
    public double result(double[] sums, int at, int units) {
      return Share.of(sums[at], sums[at] + sums[at + 1]);
    }
  }

  /** What is drawn against what. */
  enum Curve {
    /** True positives' rate against false positives'. */
    ROC,
    /** Precision against recall. */
    PR
  }

  /**
   * The area under a curve whose points are thresholds that divide [0, 1] evenly; sums of w over
   * the positives, then the negatives, between neighbouring thresholds. {@link AreaUnderCurve} has
   * the formulas.
   *
   * @param thresholds how many, at least 2
   * @param curve of what
   */
  record Auc(int thresholds, Curve curve) implements Measure {
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

    /**
     * Takes Keras's curve, {@link Curve#ROC}.
     *
     * @param thresholds how many, at least 2
     * @throws IllegalArgumentException if they are below 2 or above 2^16
     */
    public Auc(int thresholds) {
      this(thresholds, Curve.ROC);
    }

    @Override
    public int sums(int units) {
      return 2 * thresholds;
    }

    @Override
    public double result(double[] sums, int at, int units) {
      return switch (curve) {
        case ROC -> AreaUnderCurve.ofRates(sums, at, thresholds);
        case PR -> AreaUnderCurve.ofPrecision(sums, at, thresholds);
      };
    }
  }
}
