package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

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
   * {@return the shape of its places, with so many features}
   *
   * @param layer names who asks
   * @param input the shape of what it slides over, features last
   * @param features the width of each place
   * @throws IllegalArgumentException if that has other axes, or is too small for the first place
   */
  Shape outputShape(String layer, Shape input, int features);

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

  /** {@return how many positions it looks at} */
  default long positions() {
    return axes().stream().mapToLong(SlidingWindow::size).reduce(1, Math::multiplyExact);
  }
}
