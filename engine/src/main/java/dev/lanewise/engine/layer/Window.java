package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A window that slides over the positions of a sequence, of a picture, or of a sequence of them.
 */
public sealed interface Window permits SlidingWindow, PictureWindow, VolumeWindow {
  /** {@return how it slides from axis to axis} */
  List<SlidingWindow> axes();

  /**
   * {@return its places}
   *
   * @param layer names who asks
   * @param input the shape of what it slides over, features last
   * @throws IllegalArgumentException if that has other axes, or is too small for the first place
   */
  WindowPlaces places(String layer, Shape input);

  /**
   * {@return its places on what a transposed convolution makes, one for each position of its input}
   *
   * @param input the shape of that, features last
   */
  WindowPlaces spread(Shape input);

  /**
   * {@return the shape of its places, with so many features}
   *
   * @param layer names who asks
   * @param input the shape of what it slides over, features last
   * @param features the width of each place
   * @throws IllegalArgumentException if that has other axes, or is too small for the first place
   */
  default Shape outputShape(String layer, Shape input, int features) {
    return places(layer, input).shape(features);
  }

  /**
   * {@return the shape of a kernel: its sizes from axis to axis, and two more}
   *
   * @param rows the last size but one, at least 1
   * @param columns the last
   */
  default Shape kernelShape(int rows, int columns) {
    IntStream sizes = axes().stream().mapToInt(SlidingWindow::size);
    return Shape.of(IntStream.concat(sizes, IntStream.of(rows, columns)).toArray());
  }

  /** {@return a window of this size that has each position in its middle, with zeros around} */
  Window around();

  /**
   * Refuses what has not so many axes before its features.
   *
   * @param layer names who asks
   * @param axes how many, 1 to 3
   * @param input the shape of what it slides over
   * @throws IllegalArgumentException if it has others
   */
  static void requireAxes(String layer, int axes, Shape input) {
    if (input.rank() != axes + 1) {
      String sizes =
          switch (axes) {
            case 1 -> "[steps, features]";
            case 2 -> "[rows, columns, features]";
            default -> "[steps, rows, columns, features]";
          };
      throw new IllegalArgumentException(layer + ": input must be " + sizes + ", found " + input);
    }
  }

  /** {@return how many positions it looks at; 2^63 - 1 if more} */
  default long positions() {
    long all = 1;
    for (SlidingWindow axis : axes()) {
      all = axis.size() > Long.MAX_VALUE / all ? Long.MAX_VALUE : all * axis.size();
    }
    return all;
  }
}
