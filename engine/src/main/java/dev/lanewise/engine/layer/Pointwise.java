package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Several values made one element by element: Keras's {@code Add}, {@code Subtract}, {@code
 * Multiply}, {@code Average}, {@code Maximum} and {@code Minimum}. A size of 1 is repeated where
 * another input has more, and an input without steps is the same at every step. A maximum's or
 * minimum's gradient is the first input's that has it.
 *
 * @param operation what becomes of the elements
 * @param rule what becomes of masks
 */
public record Pointwise(Operation operation, MaskRule rule) implements Merge {
  /** The sum: Keras's {@code Add}. */
  public static final Pointwise ADD = new Pointwise(Operation.ADD);

  /** The first of two less the second: Keras's {@code Subtract}. */
  public static final Pointwise SUBTRACT = new Pointwise(Operation.SUBTRACT);

  /** The product: Keras's {@code Multiply}. */
  public static final Pointwise MULTIPLY = new Pointwise(Operation.MULTIPLY);

  /** The mean: Keras's {@code Average}. */
  public static final Pointwise AVERAGE = new Pointwise(Operation.AVERAGE);

  /** The largest: Keras's {@code Maximum}. */
  public static final Pointwise MAXIMUM = new Pointwise(Operation.MAXIMUM);

  /** The smallest: Keras's {@code Minimum}. */
  public static final Pointwise MINIMUM = new Pointwise(Operation.MINIMUM);

  /** What becomes of elements. */
  public enum Operation {
    /** Their sum. */
    ADD,
    /** The first of two less the second. */
    SUBTRACT,
    /** Their product. */
    MULTIPLY,
    /** Their mean. */
    AVERAGE,
    /** The largest. */
    MAXIMUM,
    /** The smallest. */
    MINIMUM
  }

  /** Requires both. */
  public Pointwise {
    Objects.requireNonNull(operation, "Pointwise: operation");
    Objects.requireNonNull(rule, "Pointwise: rule");
  }

  /**
   * Makes one by Keras 3's rule for masks.
   *
   * @param operation what becomes of the elements
   */
  public Pointwise(Operation operation) {
    this(operation, MaskRule.KERAS_3);
  }

  /**
   * {@return the same by another rule}
   *
   * @param other what becomes of masks
   */
  public Pointwise withRule(MaskRule other) {
    return new Pointwise(operation, other);
  }

  /** {@return whether what is masked counts otherwise than the rest} */
  public boolean heedsMasks() {
    return rule == MaskRule.KERAS_3
        && switch (operation) {
          case MULTIPLY, MAXIMUM, MINIMUM -> true;
          case ADD, SUBTRACT, AVERAGE -> false;
        };
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    int most = operation == Operation.SUBTRACT ? 2 : Integer.MAX_VALUE;
    Merge.requireInputs(this, inputs, operation == Operation.SUBTRACT ? 2 : 1, most);
    int width = 1;
    Shape longest = inputs.getFirst();
    for (Shape input : inputs) {
      width = Math.max(width, input.size(-1));
      boolean longer = input.positions() > longest.positions();
      longest = longer || input.rank() > longest.rank() ? input : longest;
    }
    for (Shape input : inputs) {
      boolean alike = input.withLast(1).equals(longest.withLast(1));
      if (!(alike || input.positions() == 1) || !fits(input.size(-1), width)) {
        throw new IllegalArgumentException(
            className() + ": inputs must have one shape, or sizes of 1, found " + inputs);
      }
    }
    return longest.withLast(width);
  }

  private static boolean fits(int size, int all) {
    return size == all || size == 1;
  }

  @Override
  public String kerasName() {
    return operation.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String className() {
    return KerasNames.className(kerasName());
  }
}
