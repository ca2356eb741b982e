package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Brings values to the mean 0 and the variance 1 that data had before any training: y = (x - mean)
 * / max(sqrt(variance), 1e-7), Keras's {@code Normalization}, or the inverse, y = mean + x *
 * max(sqrt(variance), 1e-7). Mean and variance are given, or else are weights that training leaves
 * as they are and that {@code Model.adapt} sets.
 *
 * <table>
 *   <caption>Parameters, unless mean and variance are given</caption>
 *   <tr><td>mean</td><td>the sizes of the kept axes</td><td>zeros; not trained</td></tr>
 *   <tr><td>variance</td><td>the same</td><td>ones; not trained</td></tr>
 *   <tr><td>count</td><td>[]</td><td>zero; Keras's, which nothing reads</td></tr>
 * </table>
 *
 * @param axes the axes among batch, steps and features along which each place has a mean of its
 *     own, from 0 or, if negative, from the end; none for one mean of all values
 * @param mean what is taken away: one number, or one a place of the last kept axis; empty where it
 *     is a weight
 * @param variance of the same size
 * @param invert whether it undoes what the layer would do
 */
public record Normalization(
    List<Integer> axes, List<Double> mean, List<Double> variance, boolean invert) implements Layer {
  /** The weight that nothing reads: how many values were counted, as Keras 2 wrote it. */
  public static final String COUNT = "count";

  /** The least deviation that values are divided by, Keras's epsilon. */
  private static final float LEAST_DEVIATION = 1e-7f;

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if there are not as many means as variances, or one is none
   */
  public Normalization {
    axes = List.copyOf(axes);
    mean = List.copyOf(mean);
    variance = List.copyOf(variance);
    if (mean.size() != variance.size()) {
      throw new IllegalArgumentException(
          "Normalization: mean and variance must be of one size, found "
              + mean.size()
              + " and "
              + variance.size());
    }
    for (double value : mean) {
      if (!Float.isFinite((float) value)) {
        throw new IllegalArgumentException(
            "Normalization: a mean must be a finite number, found " + value);
      }
    }
    for (double value : variance) {
      if (!(value >= 0 && value <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "Normalization: a variance must be 0 or more, found " + value);
      }
    }
  }

  /** {@return a layer with a mean and a variance a feature, which {@code Model.adapt} sets} */
  public static Normalization ofFeatures() {
    return ofAxes(-1);
  }

  /**
   * {@return a layer with a mean and a variance for each place along some axes}
   *
   * @param axes those of a sample, counted from the batch's, which is 0; negative ones from the end
   */
  public static Normalization ofAxes(Integer... axes) {
    return new Normalization(List.of(axes), List.of(), List.of(), false);
  }

  /**
   * {@return a layer with this mean and this variance of each feature}
   *
   * @param mean one a feature
   * @param variance one a feature, at least 0
   */
  public static Normalization of(List<Double> mean, List<Double> variance) {
    return new Normalization(List.of(-1), mean, variance, false);
  }

  /** {@return the layer that undoes what this one does} */
  public Normalization inverted() {
    return new Normalization(axes, mean, variance, !invert);
  }

  /**
   * {@return what values of this variance are divided by}
   *
   * @param variance that of a feature
   */
  public static float deviation(float variance) {
    return Math.max((float) Math.sqrt(variance), LEAST_DEVIATION);
  }

  /** {@return whether mean and variance are weights} */
  public boolean isAdapted() {
    return mean.isEmpty();
  }

  /**
   * {@return whether each step has a mean of its own, rather than all steps the same}
   *
   * @param input the shape of one sample, [features] or [steps, features]
   */
  public boolean variesBySteps(Shape input) {
    boolean ofFeatures = !isAdapted() && (mean.size() == 1 || keeps(input, input.rank()));
    return input.rank() > 1 && keeps(input, 1) && !ofFeatures;
  }

  /**
   * {@return where among means, or variances, that of a place in a sample is}
   *
   * @param input the shape of one sample, [features] or [steps, features]
   * @param count how many there are
   * @param step counted from 0
   * @param feature counted from 0
   */
  public int place(Shape input, int count, int step, int feature) {
    if (count == 1) {
      return 0;
    }
    int own = variesBySteps(input) ? step : 0;
    return keeps(input, input.rank()) ? own * input.size(-1) + feature : own;
  }

  private boolean keeps(Shape input, int axis) {
    return axes.contains(axis) || axes.contains(axis - input.rank() - 1);
  }

  /** Returns the sizes of the kept axes. */
  private Shape statistics(Shape input) {
    int rank = input.rank();
    return Shape.of(
        IntStream.rangeClosed(1, rank)
            .filter(axis -> keeps(input, axis))
            .map(axis -> input.size(axis - 1))
            .toArray());
  }

  @Override
  public String className() {
    return "Normalization";
  }

  @Override
  public String kerasName() {
    return "normalization";
  }

  @Override
  public Shape outputShape(Shape input) {
    int rank = input.rank();
    for (int axis : axes) {
      int place = axis < 0 ? axis + rank + 1 : axis;
      if (place < 1 || place > rank) {
        throw new IllegalArgumentException(
            "Normalization: an axis must be one of a sample's, 1 to "
                + rank
                + " or negative from the end, found "
                + axis
                + " with samples of "
                + input);
      }
    }
    Shape kept = statistics(input);
    if (rank > 2 && !(kept.rank() == 0 || (kept.rank() == 1 && keeps(input, rank)))) {
      throw new IllegalArgumentException(
          "Normalization: of samples of "
              + input
              + " axes must be the last one, or none, found "
              + axes);
    }
    boolean fits =
        mean.size() <= 1 || (kept.rank() > 0 && mean.size() == kept.size(-1)); // one is for all
    if (!fits || kept.rank() != axes.size()) {
      throw new IllegalArgumentException(
          "Normalization: axes "
              + axes
              + " of samples of "
              + input
              + " take one mean, or one a place of the last of them, found "
              + mean.size());
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    if (!isAdapted()) {
      return List.of();
    }
    Shape kept = statistics(input);
    return List.of(
        statistic("mean", kept, Initializer.ZEROS),
        statistic("variance", kept, Initializer.ONES),
        statistic(COUNT, Shape.of(), Initializer.ZEROS));
  }

  private static ParameterSpec statistic(String name, Shape shape, Initializer start) {
    return ParameterRule.of(start).array(name, shape).frozen();
  }
}
