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
    LOGSUMEXP
  }

  /**
   * Validates the axes.
   *
   * @throws IllegalArgumentException if there are none, or they are not in order from 1 on
   */
  public Reduction {
    axes = List.copyOf(axes);
    boolean inOrder = axes.equals(axes.stream().distinct().sorted().toList());
    if (axes.isEmpty() || !inOrder || axes.getFirst() < 1) {
      throw new IllegalArgumentException(
          "Reduction: axes must be from 1 on, in order and each once, found " + axes);
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
    if (left.length == 0) {
      throw new IllegalArgumentException(
          className()
              + ": one number a sample is no value of a model, found "
              + input
              + "; keepdims leaves a size of 1");
    }
    return Shape.of(left);
  }

  @Override
  public String kerasName() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String className() {
    String name = kerasName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
