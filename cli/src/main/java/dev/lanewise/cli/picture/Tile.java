package dev.lanewise.cli.picture;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
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
   * largest.
   *
   * @param data samples of [rows, columns], or of [features] or several inputs as one row
   * @param index which
   * @throws FormatException if the samples have more axes than a picture
   */
  public static Tile of(Dataset data, int index, String title) {
    Shape shape = data.inputs().size() == 1 ? data.sampleShape() : row(data);
    if (shape.rank() > 2) {
      throw new FormatException(
          "samples of " + shape + " are no pictures; expected [rows, columns]");
    }
    int rows = shape.rank() == 2 ? shape.size(0) : 1;
    int columns = shape.size(-1);
    byte[] levels = new byte[rows * columns];
    int from = (data.firstSample() + index) * levels.length;
    if (data.hasBytes()) {
      System.arraycopy(data.byteFeatures(), from, levels, 0, levels.length);
    } else {
      stretch(data.floatFeatures(), from, levels);
    }
    return new Tile(rows, columns, levels, title);
  }

  private static Shape row(Dataset data) {
    return Shape.of(Math.toIntExact(data.inputs().stream().mapToLong(Shape::elementCount).sum()));
  }

  private static void stretch(float[] values, int from, byte[] levels) {
    float least = Float.POSITIVE_INFINITY;
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < levels.length; i++) {
      least = Math.min(least, values[from + i]);
      largest = Math.max(largest, values[from + i]);
    }
    float range = largest > least ? largest - least : 1;
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) Math.round((values[from + i] - least) / range * 255);
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
