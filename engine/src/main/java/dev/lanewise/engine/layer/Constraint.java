package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A rule that a parameter keeps: after each update the array w is replaced by what the rule makes
 * of it. As in Keras 3 that is done with arrays that are trained, and not with start values. Norms
 * are Euclidean, sqrt(sum w^2), each of the elements along some axes of Keras's array; where one is
 * multiplied by a factor f(norm), small norms are kept from a division by zero by Keras's {@link
 * #EPSILON}.
 *
 * <p>Source of the formulas: keras/src/constraints/constraints.py.
 */
public sealed interface Constraint {
  /** What Keras adds to a norm that it divides by: {@code keras.backend.epsilon()}. */
  double EPSILON = 1e-7;

  /** {@return no rule} */
  static Constraint none() {
    return new None();
  }

  /**
   * Returns without a word if an array has the axes that norms are taken along.
   *
   * @param name the array's, for the message
   * @param shape its sizes
   * @throws IllegalArgumentException if it has not, or if two axes are the same
   */
  default void requireAxesOf(String name, Shape shape) {
    if (this instanceof OfNorm norms && !norms.fits(shape.rank())) {
      throw new IllegalArgumentException(
          name
              + ": a constraint's axes must each be one of the array's, "
              + shape
              + ", from -"
              + shape.rank()
              + " to "
              + (shape.rank() - 1)
              + ", found "
              + norms.axes());
    }
  }

  /** No rule. */
  record None() implements Constraint {}

  /** Keras's NonNeg: max(w, 0). */
  record NonNeg() implements Constraint {}

  /** A rule that multiplies by a factor of the norm: w f(norm). */
  sealed interface OfNorm extends Constraint {
    /** {@return the axes of Keras's array along which norms are taken; negative from the end} */
    List<Integer> axes();

    /**
     * {@return what elements are multiplied by}
     *
     * @param norm their norm
     */
    double factor(double norm);

    /**
     * {@return whether arrays of so many sizes have the axes, each named once}
     *
     * @param rank the number of an array's sizes
     */
    default boolean fits(int rank) {
      Set<Integer> found = new HashSet<>();
      return axes().stream()
          .allMatch(
              axis -> axis >= -rank && axis < rank && found.add(axis < 0 ? axis + rank : axis));
    }
  }

  /**
   * Keras's MaxNorm: f(norm) = min(norm, maxValue) / (epsilon + norm).
   *
   * @param maxValue the largest norm, at least 0
   * @param axes along which norms are taken
   */
  record MaxNorm(double maxValue, List<Integer> axes) implements OfNorm {
    /**
     * Validates the limit.
     *
     * @throws IllegalArgumentException if it is negative or not finite, or if there is no axis
     */
    public MaxNorm {
      requireNorm("maxValue", maxValue);
      axes = requireSome(axes);
    }

    /**
     * Makes a rule along Keras's default, the first axis: of each unit's weights.
     *
     * @param maxValue the largest norm, at least 0
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public MaxNorm(double maxValue) {
      this(maxValue, List.of(0));
    }

    @Override
    public double factor(double norm) {
      return Math.min(norm, maxValue) / (EPSILON + norm);
    }
  }

  /**
   * Keras's UnitNorm: f(norm) = 1 / (epsilon + norm).
   *
   * @param axes along which norms are taken
   */
  record UnitNorm(List<Integer> axes) implements OfNorm {
    /**
     * Validates the axes.
     *
     * @throws IllegalArgumentException if there is none
     */
    public UnitNorm {
      axes = requireSome(axes);
    }

    /** Makes a rule along Keras's default, the first axis: of each unit's weights. */
    public UnitNorm() {
      this(List.of(0));
    }

    @Override
    public double factor(double norm) {
      return 1 / (EPSILON + norm);
    }
  }

  /**
   * Keras's MinMaxNorm: f(norm) = (rate clip(norm, minValue, maxValue) + (1 - rate) norm) /
   * (epsilon + norm).
   *
   * @param minValue the smallest norm, at least 0
   * @param maxValue the largest norm, at least {@code minValue}
   * @param rate how much of the way to it an update goes, 0 to 1
   * @param axes along which norms are taken
   */
  record MinMaxNorm(double minValue, double maxValue, double rate, List<Integer> axes)
      implements OfNorm {
    /**
     * Validates the limits.
     *
     * @throws IllegalArgumentException if a limit is negative or not finite, if the smallest norm
     *     is above the largest, if the rate is outside 0 to 1, or if there is no axis
     */
    public MinMaxNorm {
      requireNorm("minValue", minValue);
      requireNorm("maxValue", maxValue);
      if (minValue > maxValue) {
        throw new IllegalArgumentException(
            "constraint: minValue must be at most maxValue, found " + minValue + " > " + maxValue);
      }
      if (!(rate >= 0 && rate <= 1)) {
        throw new IllegalArgumentException("constraint: rate must be 0 to 1, found " + rate);
      }
      axes = requireSome(axes);
    }

    @Override
    public double factor(double norm) {
      double clipped = Math.min(Math.max(norm, minValue), maxValue);
      return (rate * clipped + (1 - rate) * norm) / (EPSILON + norm);
    }
  }

  private static void requireNorm(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "constraint: " + name + " must be at least 0 and finite, found " + value);
    }
  }

  private static List<Integer> requireSome(List<Integer> axes) {
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("constraint: norms need at least one axis, found none");
    }
    return List.copyOf(axes);
  }
}
