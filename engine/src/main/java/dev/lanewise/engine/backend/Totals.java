package dev.lanewise.engine.backend;

import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Running sums over samples: of the loss, of which a sample with several steps counts as their
 * mean, and of each metric what it keeps. Reused from batch to batch, so that a step allocates
 * nothing.
 */
public final class Totals {
  private final List<Metric> metrics;
  private final int[] units;
  private final int[] places;
  private final double[] sums;
  private double loss;
  private long samples;

  /** Creates sums of zero for the loss alone. */
  public Totals() {
    this(List.of());
  }

  /**
   * Creates sums of zero of metrics that keep as many whatever the output.
   *
   * @param metrics what is summed beside the loss: the model's
   * @throws IllegalArgumentException if there is one that keeps sums of each unit
   */
  public Totals(List<Metric> metrics) {
    this(metrics, 1);
    for (Metric metric : metrics) {
      if (metric.measure().sums(1) != metric.measure().sums(2)) {
        throw new IllegalArgumentException(
            "totals: " + metric + " keeps sums of each unit; make them of the model");
      }
    }
  }

  /**
   * Creates sums of zero for metrics of one output.
   *
   * @param metrics what is summed beside the loss
   * @param ofOutput its units
   */
  public Totals(List<Metric> metrics, int ofOutput) {
    this(metrics, IntStream.generate(() -> ofOutput).limit(metrics.size()).toArray());
  }

  /**
   * Creates sums of zero for all that a model reports.
   *
   * @param spec the model
   */
  public Totals(ModelSpec spec) {
    this(spec.metrics(), unitsOf(spec));
  }

  private Totals(List<Metric> metrics, int[] units) {
    this.metrics = List.copyOf(metrics);
    this.units = units;
    places = new int[units.length];
    int next = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = next;
      next += metrics.get(i).measure().sums(units[i]);
    }
    sums = new double[next];
  }

  /** Returns the units of what each metric is of, each output's loss being one where it is told. */
  private static int[] unitsOf(ModelSpec spec) {
    List<OutputSpec> outputs = spec.outputs();
    int told = outputs.size() > 1 ? 1 : 0;
    return IntStream.range(0, outputs.size())
        .flatMap(
            output ->
                IntStream.generate(() -> spec.shapeOf(output).size(-1))
                    .limit(told + outputs.get(output).metrics().size()))
        .toArray();
  }

  /**
   * Refuses sums of other metrics than a model's.
   *
   * @param spec the model
   * @throws IllegalArgumentException saying both
   */
  public void requireMetricsOf(ModelSpec spec) {
    if (!metrics.equals(spec.metrics()) || !keepsAsManyAs(spec)) {
      throw new IllegalArgumentException(
          "totals: the model reports " + spec.metrics() + ", found sums of " + metrics);
    }
  }

  /** Each step asks, so nothing is allocated. */
  private boolean keepsAsManyAs(ModelSpec spec) {
    int told = spec.outputs().size() > 1 ? 1 : 0;
    int next = 0;
    for (int output = 0; output < spec.outputs().size(); output++) {
      int own = spec.shapeOf(output).size(-1);
      int end = next + told + spec.outputs().get(output).metrics().size();
      for (; next < end; next++) {
        Measure measure = metrics.get(next).measure();
        if (measure.sums(own) != measure.sums(units[next])) {
          return false;
        }
      }
    }
    return true;
  }

  /** Sets every sum to zero. */
  public void reset() {
    loss = 0;
    samples = 0;
    Arrays.fill(sums, 0);
  }

  /**
   * Adds a sample's loss.
   *
   * @param sampleLoss weighted, as it counts
   */
  public void addSample(double sampleLoss) {
    loss += sampleLoss;
    samples++;
  }

  /**
   * Adds what a model's loss has beside the samples': a penalty on its weights, for each sample.
   *
   * @param penalty that of all weights
   * @param ofSamples how many samples the batch has
   */
  public void addPenalty(double penalty, int ofSamples) {
    loss += penalty * ofSamples;
  }

  /**
   * Adds to what a metric keeps.
   *
   * @param metric its index
   * @param index which of its sums
   * @param value what to add
   */
  public void addTo(int metric, int index, double value) {
    sums[places[metric] + index] += value;
  }

  /**
   * Adds other sums, of the same metrics.
   *
   * @param other the sums to add
   */
  public void add(Totals other) {
    loss += other.loss;
    samples += other.samples;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.sums[i];
    }
  }

  /** {@return the mean loss} */
  public double meanLoss() {
    return loss / samples;
  }

  /** {@return the number of samples} */
  public long samples() {
    return samples;
  }

  /** {@return what is summed beside the loss} */
  public List<Metric> metrics() {
    return metrics;
  }

  /**
   * {@return a metric's value}
   *
   * @param metric one of the model's
   * @throws IllegalArgumentException if it is not summed here
   */
  public double value(Metric metric) {
    int index = metrics.indexOf(metric);
    if (index < 0) {
      throw new IllegalArgumentException("totals: no " + metric + " among " + metrics);
    }
    return metric.measure().result(sums, places[index], units[index]);
  }

  /** {@return the sums as they are: loss, samples, then the metrics'} */
  public double[] toArray() {
    double[] all = new double[2 + sums.length];
    all[0] = loss;
    all[1] = samples;
    System.arraycopy(sums, 0, all, 2, sums.length);
    return all;
  }

  /**
   * Sets the sums to what {@link #toArray} gave.
   *
   * @param all the numbers
   * @throws IllegalArgumentException if it cannot have been that
   */
  public void set(double[] all) {
    if (all.length != 2 + sums.length || !(all[1] >= 0 && all[1] <= 1L << 53)) {
      throw new IllegalArgumentException(
          "totals: expected a loss, a count of samples and "
              + sums.length
              + " sums of metrics, found "
              + all.length
              + " numbers");
    }
    loss = all[0];
    samples = (long) all[1];
    System.arraycopy(all, 2, sums, 0, sums.length);
  }
}
