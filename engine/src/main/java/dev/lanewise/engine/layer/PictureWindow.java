package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A window that slides over the rows and the columns of a picture, [rows, columns, features].
 *
 * @param rows its size, strides and dilation rate from row to row
 * @param columns the same from column to column
 */
public record PictureWindow(SlidingWindow rows, SlidingWindow columns) implements Window {
  /**
   * Validates the window.
   *
   * @throws IllegalArgumentException if its ends are not treated alike, or as Keras never does
   */
  public PictureWindow {
    Objects.requireNonNull(rows, "window: rows");
    Objects.requireNonNull(columns, "window: columns");
    if (rows.padding() != columns.padding() || rows.padding() == Padding.CAUSAL) {
      throw new IllegalArgumentException(
          "window: padding must be valid or same for rows and columns, found "
              + rows.padding().kerasName()
              + " and "
              + columns.padding().kerasName());
    }
  }

  /**
   * {@return a square window that moves by one and stays within the picture}
   *
   * @param size its rows and columns, at least 1
   */
  public static PictureWindow of(int size) {
    return new PictureWindow(SlidingWindow.of(size), SlidingWindow.of(size));
  }

  /**
   * {@return windows side by side}
   *
   * @param size the rows and columns of each, at least 1
   */
  public static PictureWindow tiles(int size) {
    return of(size).withStrides(size, size);
  }

  /**
   * {@return this window with another rule for the edges}
   *
   * @param padding what becomes of the ends
   */
  public PictureWindow withPadding(Padding padding) {
    return new PictureWindow(rows.withPadding(padding), columns.withPadding(padding));
  }

  /**
   * {@return this window, moved by so many rows and columns}
   *
   * @param ofRows from one window to the next below, at least 1
   * @param ofColumns from one window to the next beside it, at least 1
   */
  public PictureWindow withStrides(int ofRows, int ofColumns) {
    return new PictureWindow(rows.withStrides(ofRows), columns.withStrides(ofColumns));
  }

  @Override
  public List<SlidingWindow> axes() {
    return List.of(rows, columns);
  }

  @Override
  public PictureWindow around() {
    return new PictureWindow(rows.around(), columns.around());
  }

  @Override
  public Places places(String layer, Shape input) {
    Window.requireAxes(layer, 2, input);
    return new Places(rows.over(layer, input.size(0)), columns.over(layer, input.size(1)));
  }

  @Override
  public Places spread(Shape input) {
    return new Places(rows.spread(input), columns.spread(input.part()));
  }

  /**
   * A window's places on a picture, row after row, as are its positions and the picture's.
   *
   * @param rows its places from row to row
   * @param columns its places from column to column
   */
  public record Places(SlidingWindow.Windows rows, SlidingWindow.Windows columns)
      implements WindowPlaces {
    @Override
    public List<SlidingWindow.Windows> axes() {
      return List.of(rows, columns);
    }

    /** Returns how many positions a picture has. */
    int positions() {
      return rows.steps() * columns.steps();
    }

    @Override
    public int count() {
      return Math.multiplyExact(rows.count(), columns.count());
    }

    @Override
    public int size() {
      return rows.size() * columns.size();
    }

    @Override
    public int step(int place, int at) {
      int row = rows.step(place / columns.count(), at / columns.size());
      int column = columns.step(place % columns.count(), at % columns.size());
      return row == NONE || column == NONE ? NONE : row * columns.steps() + column;
    }

    @Override
    public int place(int step, int at) {
      int row = rows.place(step / columns.steps(), at / columns.size());
      int column = columns.place(step % columns.steps(), at % columns.size());
      return row == NONE || column == NONE ? NONE : row * columns.count() + column;
    }

    @Override
    public int inside(int place) {
      return rows.inside(place / columns.count()) * columns.inside(place % columns.count());
    }
  }
}
