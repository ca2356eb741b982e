package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two values, or a value and a number, made one element by element, by NumPy's rules: of sizes that
 * differ one is 1 and is repeated. Where both of a maximum or minimum are alike, each has half of
 * the gradient, as in JAX.
 *
 * @param operator what becomes of the elements
 * @param left the number on the left; absent where a value is read
 * @param right the number on the right; absent where a value is read
 */
@SuppressWarnings("exports") // of @Nullable
public record Arithmetic(Operator operator, @Nullable Double left, @Nullable Double right)
    implements Operation {
  /** What becomes of two elements. */
  public enum Operator {
    /** Their sum. */
    ADD,
    /** The left less the right. */
    SUBTRACT,
    /** Their product. */
    MULTIPLY,
    /** The left divided by the right. */
    DIVIDE,
    /** The larger. */
    MAXIMUM,
    /** The smaller. */
    MINIMUM,
    /** The left to the power of the right. */
    POWER,
    /** Whether both are the same number. */
    EQUAL,
    /** Whether they are not. */
    NOT_EQUAL,
    /** Whether the left is the larger. */
    GREATER,
    /** Whether the left is the larger, or both are the same number. */
    GREATER_EQUAL,
    /** Whether the left is the smaller. */
    LESS,
    /** Whether the left is the smaller, or both are the same number. */
    LESS_EQUAL,
    /** Whether neither is 0. */
    LOGICAL_AND,
    /** Whether one at least is not 0. */
    LOGICAL_OR,
    /** The right where the left is not 0, and 0 elsewhere, whatever the right is there. */
    WHERE;

    /** {@return whether what it gives is true or not, which is 1 or 0 and has no gradient} */
    public boolean isTruth() {
      return switch (this) {
        case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> true;
        case LOGICAL_AND, LOGICAL_OR -> true;
        case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER, WHERE -> false;
      };
    }
  }

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if there are two, or one is not finite
   */
  public Arithmetic {
    if (left != null && right != null) {
      throw new IllegalArgumentException(
          "Arithmetic: at least one of two must be a value, found " + left + " and " + right);
    }
    if (Stream.of(left, right)
        .flatMap(Stream::ofNullable)
        .anyMatch(number -> !Float.isFinite(number.floatValue()))) {
      throw new IllegalArgumentException(
          "Arithmetic: a number must be finite, found " + Objects.requireNonNullElse(left, right));
    }
  }

  /**
   * {@return what is made of two values}
   *
   * @param operator what is done with them
   */
  public static Arithmetic of(Operator operator) {
    return new Arithmetic(operator, null, null);
  }

  /**
   * {@return what is made of a value and a number on its right}
   *
   * @param operator what is done with them
   * @param right the number
   */
  public static Arithmetic with(Operator operator, double right) {
    return new Arithmetic(operator, null, right);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    int expected = left == null && right == null ? 2 : 1;
    Merge.requireInputs(this, inputs, expected, expected);
    Shape first = inputs.getFirst();
    Shape last = inputs.getLast();
    if (first.rank() != last.rank()) {
      throw disagree(inputs);
    }
    int[] sizes = new int[first.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.max(first.size(i), last.size(i));
      if (Math.min(first.size(i), last.size(i)) < sizes[i]
          && Math.min(first.size(i), last.size(i)) != 1) {
        throw disagree(inputs);
      }
    }
    return List.of(Shape.of(sizes));
  }

  private IllegalArgumentException disagree(List<Shape> inputs) {
    return new IllegalArgumentException(
        className()
            + ": inputs must have as many sizes as each other, and the same or 1, found "
            + inputs
            + "; expand_dims gives a value a size of 1");
  }

  @Override
  public Shape outputShape(Shape input) {
    return outputShapes(List.of(input)).getFirst();
  }

  @Override
  public String kerasName() {
    return operator.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String className() {
    return KerasNames.className(kerasName());
  }
}
