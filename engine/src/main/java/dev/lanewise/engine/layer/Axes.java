package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Axes of samples as Keras counts them: the batch's is 0, negative ones are counted from the last.
 * What they are depends on how many sizes a sample has.
 */
final class Axes {
  /** The last, whatever the sample. */
  static final List<Integer> LAST = List.of(-1);

  private Axes() {}

  /**
   * Returns axes counted from the batch's, in ascending order.
   *
   * @throws IllegalArgumentException if one is the batch's or none of a sample's, or is named twice
   */
  static List<Integer> counted(String layer, List<Integer> axes, Shape input) {
    int rank = input.rank();
    List<Integer> counted =
        axes.stream().map(axis -> axis < 0 ? axis + rank + 1 : axis).distinct().sorted().toList();
    boolean own = counted.stream().allMatch(axis -> axis >= 1 && axis <= rank);
    if (!own || counted.size() != axes.size() || axes.isEmpty()) {
      throw new IllegalArgumentException(
          layer
              + ": axis must be of a sample's, from 1 to "
              + rank
              + " or from the last, -1, each named once, for samples of "
              + input
              + ", found "
              + (axes.size() == 1 ? axes.getFirst() : axes));
    }
    return counted;
  }

  /** Returns one axis counted from the batch's. */
  static int counted(String layer, int axis, Shape input) {
    return counted(layer, List.of(axis), input).getFirst();
  }

  /** Returns whether axes are the last one alone. */
  static boolean areLast(String layer, List<Integer> axes, Shape input) {
    return counted(layer, axes, input).equals(List.of(input.rank()));
  }
}
