package dev.lanewise.cli.image;

/** A picture in grey levels, 0 black to 255 white. */
public final class Grey {
  private final int rows;
  private final int columns;
  private final float[] levels;

  /** Creates a black picture. */
  public Grey(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    levels = new float[Math.multiplyExact(rows, columns)];
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the number of columns. */
  public int columns() {
    return columns;
  }

  /** Returns a level. */
  public float get(int row, int column) {
    return levels[row * columns + column];
  }

  /** Sets a level. */
  public void set(int row, int column, float level) {
    levels[row * columns + column] = level;
  }

  /** Returns the mean level of the outermost pixels. */
  float borderMean() {
    double sum = 0;
    int count = 0;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        if (y == 0 || x == 0 || y == rows - 1 || x == columns - 1) {
          sum += get(y, x);
          count++;
        }
      }
    }
    return (float) (sum / count);
  }

  /** Returns the picture with black for white. */
  Grey inverted() {
    Grey result = new Grey(rows, columns);
    for (int i = 0; i < levels.length; i++) {
      result.levels[i] = 255 - levels[i];
    }
    return result;
  }

  /**
   * Returns the picture in another size: each new pixel is the mean over the area that it covers.
   */
  Grey scaled(int height, int width) {
    Grey result = new Grey(height, width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        result.set(
            y,
            x,
            mean(
                (double) y * rows / height,
                (double) (y + 1) * rows / height,
                (double) x * columns / width,
                (double) (x + 1) * columns / width));
      }
    }
    return result;
  }

  private float mean(double top, double bottom, double left, double right) {
    double sum = 0;
    double area = 0;
    for (int y = (int) top; y < Math.min(rows, Math.ceil(bottom)); y++) {
      double height = Math.min(y + 1, bottom) - Math.max(y, top);
      for (int x = (int) left; x < Math.min(columns, Math.ceil(right)); x++) {
        double part = height * (Math.min(x + 1, right) - Math.max(x, left));
        sum += part * get(y, x);
        area += part;
      }
    }
    return (float) (sum / area);
  }
}
