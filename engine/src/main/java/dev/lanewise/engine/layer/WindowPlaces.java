package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** The places of a window that slides over positions, of a sequence or of a picture. */
public interface WindowPlaces {
  /** What stands for a position, or a place, that does not exist. */
  int NONE = -1;

  /** {@return its places from axis to axis} */
  List<SlidingWindow.Windows> axes();

  /**
   * {@return the shape of the places}
   *
   * @param features the width of each
   */
  default Shape shape(int features) {
    return shape(SlidingWindow.Windows::count, features);
  }

  /**
   * {@return the shape of the positions that the window slides over}
   *
   * @param features the width of each
   */
  default Shape shapeBelow(int features) {
    return shape(SlidingWindow.Windows::steps, features);
  }

  private Shape shape(ToIntFunction<SlidingWindow.Windows> size, int features) {
    IntStream sizes = axes().stream().mapToInt(size);
    return Shape.of(IntStream.concat(sizes, IntStream.of(features)).toArray());
  }

  /** {@return the number of places} */
  int count();

  /** {@return how many positions the window has} */
  int size();

  /**
   * {@return the position that is number {@code at} of the window at a place; -1 if outside}
   *
   * @param place counted from 0
   * @param at counted from 0, at most the window's size - 1
   */
  int step(int place, int at);

  /**
   * {@return the place at which a position is number {@code at} of the window; -1 if none is}
   *
   * @param step a position of what is read, counted from 0
   * @param at counted from 0, at most the window's size - 1
   */
  int place(int step, int at);

  /**
   * {@return how many positions of the window at a place exist, if they are neighbours}
   *
   * @param place counted from 0
   */
  int inside(int place);
}
