package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One number of all elements along some axes, as {@code keras.ops.sum} and its like make it. Where
 * several are the largest or the smallest they share the gradient equally, as in JAX.
 *
 * @param kind which number
 * @param axes of what, in order, the batch's being 0 and none of them
 * @param keepDims whether sizes of 1 stay in the axes' places
 */
public record Reduction(Kind kind, List<Integer> axes, boolean keepDims) implements Operation {
  /** What becomes of elements. */
  public enum Kind {
    /** Their sum. */
    SUM,
    /** Their mean. */
    MEAN,
    /** The largest. */
    MAX,
    /** The smallest. */
    MIN,
    /** The mean square of what each differs from their mean. */
    VAR,
    /** The square root of that. */
    STD,
    /** Their product. */
    PROD,
    /** The logarithm of the sum of their exponentials. */
    LOGSUMEXP,
    /** Whether one at least is not 0, which is 1 or 0 and has no gradient. */
    ANY,
    /** Whether none is 0, which is 1 or 0 and has no gradient. */
    ALL,
    /** The place of the first that is the largest, from 0 on, which has no gradient. */
    ARGMAX,
    /** The place of the first that is the smallest, from 0 on, which has no gradient. */
    ARGMIN
  }

  /**
   * Validates the axes.
   *
   * @throws IllegalArgumentException if there are none, or they are not in order from 1 on, or
   *     there are several of a place
   */
  public Reduction {
    axes = List.copyOf(axes);
    boolean inOrder = axes.equals(axes.stream().distinct().sorted().toList());
    if (axes.isEmpty() || !inOrder || axes.getFirst() < 1) {
      throw new IllegalArgumentException(
          "Reduction: axes must be from 1 on, in order and each once, found " + axes);
    }
    if ((kind == Kind.ARGMAX || kind == Kind.ARGMIN) && axes.size() > 1) {
      throw new IllegalArgumentException(
          "Reduction: a place is one along one axis, found axes " + axes);
    }
  }

  /**
   * {@return whether one of a sample's sizes is gone over}
   *
   * @param size which one: 0 is the first
   */
  public boolean isOver(int size) {
    return axes.contains(size + 1);
  }

  /**
   * {@return whether one number is left of a sample: a size of 1 here, and none in Keras}
   *
   * @param input a sample's shape
   */
  public boolean leavesNoSize(Shape input) {
    return !keepDims && axes.size() == input.rank();
  }

  @Override
  public Shape outputShape(Shape input) {
    if (axes.getLast() > input.rank()) {
      throw new IllegalArgumentException(
          className() + ": axes " + axes + " are not those of an input of [batch], " + input);
    }
    int[] left =
        IntStream.range(0, input.rank())
            .filter(size -> keepDims || !isOver(size))
            .map(size -> isOver(size) ? 1 : input.size(size))
            .toArray();
    return left.length == 0 ? Shape.of(1) : Shape.of(left);
  }

  @Override
  public String kerasName() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String className() {
    return KerasNames.className(kerasName());
  }
}
