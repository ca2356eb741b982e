package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A window that slides over the steps, rows and columns of a sequence of pictures, [steps, rows,
 * columns, features].
 *
 * @param steps its size, strides and dilation rate from step to step
 * @param picture the same within each
 */
public record VolumeWindow(SlidingWindow steps, PictureWindow picture) implements Window {
  /**
   * Validates the window.
   *
   * @throws IllegalArgumentException if its ends are not treated alike
   */
  public VolumeWindow {
    Objects.requireNonNull(steps, "window: steps");
    Objects.requireNonNull(picture, "window: picture");
    if (steps.padding() != picture.rows().padding()) {
      throw new IllegalArgumentException(
          "window: padding must be one for steps, rows and columns, found "
              + steps.padding().kerasName()
              + " and "
              + picture.rows().padding().kerasName());
    }
  }

  /**
   * {@return a cubic window that moves by one and stays within}
   *
   * @param size its steps, rows and columns, at least 1
   */
  public static VolumeWindow of(int size) {
    return new VolumeWindow(SlidingWindow.of(size), PictureWindow.of(size));
  }

  /**
   * {@return windows side by side}
   *
   * @param steps the steps of each, at least 1
   * @param size its rows and columns, at least 1
   */
  public static VolumeWindow tiles(int steps, int size) {
    return new VolumeWindow(SlidingWindow.of(steps).withStrides(steps), PictureWindow.tiles(size));
  }

  /**
   * {@return this window with another rule for the edges}
   *
   * @param padding what becomes of the ends
   */
  public VolumeWindow withPadding(Padding padding) {
    return new VolumeWindow(steps.withPadding(padding), picture.withPadding(padding));
  }

  @Override
  public List<SlidingWindow> axes() {
    return List.of(steps, picture.rows(), picture.columns());
  }

  @Override
  public Places places(String layer, Shape input) {
    Window.requireAxes(layer, 3, input);
    return new Places(steps.over(layer, input.size(0)), picture.places(layer, input.part()));
  }

  @Override
  public Places spread(Shape input) {
    return new Places(steps.spread(input), picture.spread(input.part()));
  }

  @Override
  public VolumeWindow around() {
    return new VolumeWindow(steps.around(), picture.around());
  }

  /**
   * A window's places on a sequence of pictures, picture after picture.
   *
   * @param steps its places from step to step
   * @param picture its places within each
   */
  public record Places(SlidingWindow.Windows steps, PictureWindow.Places picture)
      implements WindowPlaces {
    @Override
    public List<SlidingWindow.Windows> axes() {
      return List.of(steps, picture.rows(), picture.columns());
    }

    @Override
    public int count() {
      return Math.multiplyExact(steps.count(), picture.count());
    }

    @Override
    public int size() {
      return steps.size() * picture.size();
    }

    @Override
    public int step(int place, int at) {
      int step = steps.step(place / picture.count(), at / picture.size());
      int within = picture.step(place % picture.count(), at % picture.size());
      return step == NONE || within == NONE ? NONE : step * picture.positions() + within;
    }

    @Override
    public int place(int step, int at) {
      int place = steps.place(step / picture.positions(), at / picture.size());
      int within = picture.place(step % picture.positions(), at % picture.size());
      return place == NONE || within == NONE ? NONE : place * picture.count() + within;
    }

    @Override
    public int inside(int place) {
      return steps.inside(place / picture.count()) * picture.inside(place % picture.count());
    }
  }
}
