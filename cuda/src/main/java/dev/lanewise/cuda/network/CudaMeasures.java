package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
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
  private static final int BUCKETS = 8; // the number of metrics.cu

  /**
   * A metric's place.
   *
   * @param output whose it is
   * @param number the measure's in metrics.cu, of no meaning where the loss leaves the value
   * @param parameter what it measures by
   * @param weighted whether samples' weights count
   * @param place the first of its cells
   * @param cells how many it has
   * @param masked whether it leaves out what its output's mask does
   */
  private record Place(
      int output,
      int number,
      double parameter,
      boolean weighted,
      int place,
      int cells,
      boolean masked) {
    Place(int output, int number, double parameter, boolean weighted, int place, int cells) {
      this(output, number, parameter, weighted, place, cells, false);
    }

    /** Returns the place for an output, whose loss leaves what it leaves from there on. */
    Place at(int itsOutput, int begin, boolean heedsMask) {
      int at = isOfLoss() ? begin + place : place;
      return new Place(itsOutput, number, parameter, weighted, at, cells, heedsMask);
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
        places.add(new Place(output, 0, 0, false, begin, 1)); // the loss by itself
      }
      Shape shape = spec.shapeOf(output);
      boolean masked = spec.graph().masks().of(spec.graph().outputs().get(output)) != null;
      for (Metric metric : spec.outputs().get(output).metrics()) {
        Place place =
            place(metric, shape, masked, next)
                .at(output, begin, masked && metric.measure().heedsMasks());
        places.add(place);
        next += place.isOfLoss() ? 0 : place.cells();
      }
    }
    width = next;
  }

  private static Place place(Metric metric, Shape shape, boolean masked, int next) {
    int units = shape.size(-1);
    int outputs = Math.toIntExact(shape.elementCount());
    boolean weighted = metric.weighted();
    boolean apart = weighted || masked; // each sample has a count of its own
    return switch (metric.measure()) {
      case Measure.Accuracy _ when !apart -> new Place(0, 0, 0, false, CORRECT, 1);
      case Measure.CategoricalAccuracy _ when !apart && units > 1 ->
          new Place(0, 0, 0, false, CORRECT, 1);
      case Measure.MeanAbsoluteError _ when !apart -> new Place(0, 0, 0, false, ERROR, 1);
      case Measure.Accuracy _ when units == 1 -> new Place(0, 1, 0.5, weighted, next, 2);
      case Measure.Accuracy _, Measure.CategoricalAccuracy _ ->
          new Place(0, 0, 0, weighted, next, 2);
      case Measure.BinaryAccuracy m -> new Place(0, 1, m.threshold(), weighted, next, 2);
      case Measure.TopKCategoricalAccuracy m -> new Place(0, 2, m.k(), weighted, next, 2);
      case Measure.MeanAbsoluteError _ -> new Place(0, 3, 0, weighted, next, 2);
      case Measure.MeanSquaredError _, Measure.RootMeanSquaredError _ ->
          new Place(0, 4, 0, weighted, next, 2);
      case Measure.CosineSimilarity _ -> new Place(0, 5, 0, weighted, next, 2);
      case Measure.Precision m -> new Place(0, 6, m.threshold(), weighted, next, 2);
      case Measure.Recall m -> new Place(0, 7, m.threshold(), weighted, next, 2);
      case Measure.Auc m ->
          new Place(0, BUCKETS, m.thresholds(), weighted, next, Math.multiplyExact(2, outputs));
      case Measure.OutputLoss _ ->
          throw new IllegalStateException(metric + " is of several outputs and was not refused");
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
   */
  public void compute(CudaPass pass, int output, Signal outputs, CudaLoss loss) {
    for (Place place : places) {
      if (place.output() == output && !place.isOfLoss()) {
        Struct rule =
            new Struct()
                .pointer(place.masked() ? loss.mask() : 0)
                .integer(place.number())
                .real(place.parameter())
                .integer(place.weighted() ? 1 : 0)
                .integer(place.place())
                .integer(output);
        pass.calls()
            .metricRows(pass.batch(), outputs, pass.rows(), loss.positions(), loss.units(), rule);
      }
    }
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
      } else if (place.number() == BUCKETS) {
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
