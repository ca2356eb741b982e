package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * What is made, element by element, of a value and an array of numbers: a table of positions that
 * is added to a sequence, say. Sizes of 1 are repeated, and the array may have fewer sizes than a
 * sample, the last ones, as in NumPy.
 *
 * @param operator what becomes of two elements
 * @param array the numbers
 * @param arrayFirst whether they stand on the left
 */
public record ArrayArithmetic(Arithmetic.Operator operator, Constant array, boolean arrayFirst)
    implements Operation {
  /** Requires both. */
  public ArrayArithmetic {
    Objects.requireNonNull(operator, "ArrayArithmetic: operator");
    Objects.requireNonNull(array, "ArrayArithmetic: array");
  }

  /**
   * {@return the array with as many sizes as a sample has}
   *
   * @param input the sample's shape
   * @throws IllegalArgumentException if it has more
   */
  public Constant of(Shape input) {
    if (array.shape().rank() > input.rank()) {
      throw new IllegalArgumentException(
          className() + ": " + array + " has more sizes than a sample of " + input);
    }
    return array.withRank(input.rank());
  }

  @Override
  public Shape outputShape(Shape input) {
    return Arithmetic.of(operator).outputShapes(List.of(input, of(input).shape())).getFirst();
  }

  @Override
  public String kerasName() {
    return Arithmetic.of(operator).kerasName();
  }

  @Override
  public String className() {
    return Arithmetic.of(operator).className();
  }
}
