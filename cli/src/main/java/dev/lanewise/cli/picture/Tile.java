package dev.lanewise.cli.picture;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Base64;

/**
 * A small grey picture with its title.
 *
 * @param rows its rows of pixels
 * @param columns its pixels a row
 * @param levels 0 to 255 in rows, unsigned
 * @param title drawn above it
 */
@SuppressWarnings("ArrayRecordComponent") // drawn, never compared
public record Tile(int rows, int columns, byte[] levels, String title) {
  /**
   * Returns a sample as a picture: bytes as they are, floats stretched from their least to their
   * largest. Where samples have more axes, the last is of features, of which the mean is shown, and
   * pictures behind one another stand side by side.
   *
   * @param data samples of [rows, columns], of [..., rows, columns, features], or of [features] or
   *     several inputs as one row
   * @param index which
   */
  public static Tile of(Dataset data, int index, String title) {
    Shape shape = data.inputs().size() == 1 ? data.sampleShape() : row(data);
    int features = shape.rank() > 2 ? shape.size(-1) : 1;
    int columns = shape.size(shape.rank() > 2 ? -2 : -1);
    int rows = shape.rank() == 1 ? 1 : shape.size(shape.rank() > 2 ? -3 : 0);
    int size = Math.toIntExact(shape.elementCount());
    int pictures = size / features / columns / rows;
    float[] means = means(data, (data.firstSample() + index) * size, size, features);
    float[] side = new float[means.length];
    for (int i = 0; i < means.length; i++) {
      int picture = i / (rows * columns);
      int row = i / columns % rows;
      side[(row * pictures + picture) * columns + i % columns] = means[i];
    }
    byte[] levels = new byte[means.length];
    if (data.hasBytes()) {
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (byte) Math.round(side[i]);
      }
    } else {
      stretch(side, levels);
    }
    return new Tile(rows, pictures * columns, levels, title);
  }

  /** Returns the mean of the features of each position. */
  private static float[] means(Dataset data, int from, int size, int features) {
    float[] means = new float[size / features];
    for (int i = 0; i < size; i++) {
      float value =
          data.hasBytes()
              ? Byte.toUnsignedInt(data.byteFeatures()[from + i])
              : data.floatFeatures()[from + i];
      means[i / features] += value / features;
    }
    return means;
  }

  private static Shape row(Dataset data) {
    return Shape.of(Math.toIntExact(data.inputs().stream().mapToLong(Shape::elementCount).sum()));
  }

  private static void stretch(float[] values, byte[] levels) {
    float least = Float.POSITIVE_INFINITY;
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    float range = largest > least ? largest - least : 1;
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) Math.round((values[i] - least) / range * 255);
    }
  }

  /** Returns the picture with no side longer than this, its shape kept as far as pixels allow. */
  public Tile within(int most) {
    double scale = (double) most / Math.max(rows, columns);
    return scale >= 1
        ? this
        : resized(
            Math.max(1, (int) Math.round(rows * scale)),
            Math.max(1, (int) Math.round(columns * scale)));
  }

  /**
   * Returns the picture with so many pixels a row and as many rows as keep its shape, each the mean
   * of those that it stands for; the picture itself if it is no wider.
   */
  Tile narrowed(int width) {
    if (width >= columns) {
      return this;
    }
    return resized(Math.max(1, Math.round((float) rows * width / columns)), width);
  }

  private Tile resized(int height, int width) {
    byte[] means = new byte[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        means[y * width + x] =
            mean(
                at(y, rows, height),
                at(y + 1, rows, height),
                at(x, columns, width),
                at(x + 1, columns, width));
      }
    }
    return new Tile(height, width, means, title);
  }

  /** Returns where a pixel of the smaller picture begins in this one. */
  private static int at(int pixel, int whole, int small) {
    return (int) ((long) pixel * whole / small);
  }

  private byte mean(int top, int bottom, int left, int right) {
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += level(y, x);
      }
    }
    return (byte) (sum / ((long) (bottom - top) * (right - left)));
  }

  /** Returns a level. */
  int level(int row, int column) {
    return levels[row * columns + column] & 0xFF;
  }

  BufferedImage image() {
    BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        image.getRaster().setSample(x, y, 0, level(y, x));
      }
    }
    return image;
  }

  /** Returns the picture as the address of an {@code img}, its bytes inside. */
  public String dataUri() {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(Canvas.encoded(image()));
  }
}
