package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Measure.Outcome;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.Selection;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the metrics of a model are among what comes down for each sample: accuracy and absolute
 * error, which the loss leaves, or cells of their own that a launch of metrics.cu fills. Of a model
 * with several outputs the sample's loss comes first, and then for each output what its loss leaves
 * and its metrics' cells.
 */
public final class CudaMeasures {
  /** What the loss leaves: itself, whether the class is right, the absolute error. */
  private static final int OF_LOSS = 3;

  private static final int CORRECT = 1;
  private static final int ERROR = 2;

  // The numbers of metrics.cu.
  private static final int CATEGORICAL = 0;
  private static final int SIDES = 1;
  private static final int AMONG_LARGEST = 2;
  private static final int OUTCOMES = 3;
  private static final int BUCKETS = 4;

  /** How a metric is measured. */
  private sealed interface Rule {}

  /**
   * By {@code metric_rows}: fields of {@code struct MeasureRule}.
   *
   * @param number the measure's
   * @param parameter what it measures by
   * @param first the outcomes that the first cell counts
   * @param second those that the second does
   */
  private record RowRule(int number, double parameter, int first, int second) implements Rule {
    RowRule(int number, double parameter) {
      this(number, parameter, 0, 0);
    }
  }

  /**
   * By {@code loss_metric_rows}.
   *
   * @param form of the loss
   * @param sign by which it is multiplied
   */
  private record LossMeasure(LossForm form, int sign) implements Rule {}

  /**
   * A metric's place.
   *
   * @param output whose it is
   * @param rule how it is measured, of no meaning where the loss leaves the value
   * @param weighted whether samples' weights count
   * @param place the first of its cells
   * @param cells how many it has
   * @param masked whether it leaves out what its output's mask does
   */
  private record Place(
      int output, Rule rule, boolean weighted, int place, int cells, boolean masked) {
    /** Returns the place of what an output's loss leaves. */
    static Place ofLoss(int output, int place) {
      return new Place(output, new RowRule(0, 0), false, place, 1, false);
    }

    boolean isOfLoss() {
      return cells == 1;
    }
  }

  private final List<Place> places = new ArrayList<>();
  private final int[] lossPlaces;
  private final int width;

  public CudaMeasures(ModelSpec spec) {
    int outputs = spec.outputs().size();
    lossPlaces = new int[outputs];
    int next = outputs > 1 ? 1 : 0;
    for (int output = 0; output < outputs; output++) {
      int begin = next;
      lossPlaces[output] = begin;
      next += OF_LOSS;
      if (outputs > 1) {
        places.add(Place.ofLoss(output, begin)); // the loss by itself
      }
      boolean masked = spec.graph().masks().of(spec.graph().outputs().get(output)) != null;
      for (Metric metric : spec.outputs().get(output).metrics()) {
        boolean apart = metric.weighted() || masked; // each sample has a count of its own
        int left = apart ? 0 : leftByLoss(metric.measure(), spec.shapeOf(output).size(-1));
        if (left > 0) {
          places.add(Place.ofLoss(output, begin + left));
          continue;
        }
        Rule rule = rule(metric, spec, output);
        int cells = isOfBuckets(rule) ? bucketCells(spec.shapeOf(output)) : 2;
        boolean heeds = masked && metric.measure().heedsMasks();
        places.add(new Place(output, rule, metric.weighted(), next, cells, heeds));
        next += cells;
      }
    }
    width = next;
  }

  private static boolean isOfBuckets(Rule rule) {
    return rule instanceof RowRule rows && rows.number() == BUCKETS;
  }

  private static int bucketCells(Shape shape) {
    return Math.multiplyExact(2, Math.toIntExact(shape.elementCount()));
  }

  /** Returns which of the values that a loss leaves a measure is; 0, the loss, if it is none. */
  private static int leftByLoss(Measure measure, int units) {
    if (measure instanceof Measure.Accuracy
        || (measure instanceof Measure.CategoricalAccuracy && units > 1)) {
      return CORRECT;
    }
    return measure.equals(Metric.MEAN_ABSOLUTE_ERROR.measure()) ? ERROR : 0;
  }

  private static Rule rule(Metric metric, ModelSpec spec, int output) {
    boolean single = spec.shapeOf(output).size(-1) == 1;
    return switch (metric.measure()) {
      case Measure.Accuracy _ when single -> new RowRule(SIDES, 0.5);
      case Measure.Accuracy _, Measure.CategoricalAccuracy _ -> new RowRule(CATEGORICAL, 0);
      case Measure.BinaryAccuracy m -> new RowRule(SIDES, m.threshold());
      case Measure.TopKCategoricalAccuracy m -> new RowRule(AMONG_LARGEST, m.k());
      case Measure.OfLoss m -> new LossMeasure(spec.metricForm(output, m.loss()), 1);
      case Measure.RootMeanSquaredError _ -> new LossMeasure(new LossForm.SquaredError(), 1);
      case Measure.CosineSimilarity _ -> new LossMeasure(new LossForm.Cosine(), -1);
      case Measure.Count m -> {
        int counted = m.outcome().bit();
        yield new RowRule(OUTCOMES, m.threshold(), counted, ~counted);
      }
      case Measure.Precision m ->
          new RowRule(
              OUTCOMES, m.threshold(), Outcome.TRUE_POSITIVES.bit(), Outcome.FALSE_POSITIVES.bit());
      case Measure.Recall m ->
          new RowRule(
              OUTCOMES, m.threshold(), Outcome.TRUE_POSITIVES.bit(), Outcome.FALSE_NEGATIVES.bit());
      case Measure.Auc m -> new RowRule(BUCKETS, m.thresholds());
      case Measure.OutputLoss _,
          ConcordanceCorrelation _,
          FBetaScore _,
          IoU _,
          OperatingPoint _,
          PearsonCorrelation _,
          R2Score _ ->
          throw new IllegalStateException(metric + " is of no kernel and was not refused");
    };
  }

  /** Returns whether there is no kernel for a metric of an output. */
  public static boolean isWithoutKernel(Measure measure) {
    return switch (measure) {
      case ConcordanceCorrelation _,
          FBetaScore _,
          IoU _,
          OperatingPoint _,
          PearsonCorrelation _,
          R2Score _ ->
          true;
      case Measure.Precision m -> !m.selection().equals(Selection.ALL);
      case Measure.Recall m -> !m.selection().equals(Selection.ALL);
      case Measure.Accuracy _,
          Measure.Auc _,
          Measure.BinaryAccuracy _,
          Measure.CategoricalAccuracy _,
          Measure.CosineSimilarity _,
          Measure.Count _,
          Measure.OfLoss _,
          Measure.OutputLoss _,
          Measure.RootMeanSquaredError _,
          Measure.TopKCategoricalAccuracy _ ->
          false;
    };
  }

  /** Returns the floats of a sample. */
  public int width() {
    return width;
  }

  /** Returns where an output's loss leaves what it leaves among a sample's results. */
  public int placeOfLoss(int output) {
    return lossPlaces[output];
  }

  /** Returns whether there are cells of an output that its loss does not fill. */
  public boolean needOutput(int output) {
    return places.stream().anyMatch(place -> place.output() == output && !place.isOfLoss());
  }

  /**
   * Launches what fills those of an output.
   *
   * @param outputs as the user sees them
   * @param sums as the last layer leaves them
   */
  public void compute(CudaPass pass, int output, Signal outputs, Signal sums, CudaLoss loss) {
    for (Place place : places) {
      if (place.output() == output && !place.isOfLoss()) {
        launch(pass, place, outputs, sums, loss);
      }
    }
  }

  private static void launch(
      CudaPass pass, Place place, Signal outputs, Signal sums, CudaLoss loss) {
    Struct fields = new Struct().pointer(place.masked() ? loss.mask() : 0);
    int weighted = place.weighted() ? 1 : 0;
    switch (place.rule()) {
      case RowRule(int number, double parameter, int first, int second) -> {
        fields
            .integer(number)
            .real(parameter)
            .integer(weighted)
            .integer(place.place())
            .integer(place.output())
            .integer(first)
            .integer(second);
        launch(pass, "metric_rows", outputs, loss, fields);
      }
      case LossMeasure(LossForm form, int sign) -> {
        fields.integer(weighted).integer(place.place()).integer(place.output()).real(sign);
        Signal measured = form.takesLogits() ? sums : outputs;
        launch(pass, "loss_metric_rows", measured, loss, LossRule.addTo(fields, form));
      }
    }
  }

  private static void launch(
      CudaPass pass, String kernel, Signal outputs, CudaLoss loss, Struct fields) {
    pass.calls()
        .metricRows(
            kernel, pass.batch(), outputs, pass.rows(), loss.positions(), loss.units(), fields);
  }

  /** Adds a sample's results, which begin at {@code at}. */
  public void add(float[] results, int at, Totals totals) {
    totals.addSample(results[at]);
    for (int m = 0; m < places.size(); m++) {
      Place place = places.get(m);
      int from = at + place.place();
      if (place.isOfLoss()) {
        totals.addTo(m, 0, results[from]);
        totals.addTo(m, 1, 1);
      } else if (isOfBuckets(place.rule())) {
        for (int i = from; i < from + place.cells(); i += 2) {
          totals.addTo(m, (int) results[i], results[i + 1]);
        }
      } else {
        totals.addTo(m, 0, results[from]);
        totals.addTo(m, 1, results[from + 1]);
      }
    }
  }
}
