package dev.lanewise.engine.data;

/**
 * Targets of a file that are numbers.
 *
 * @param name names the file in messages
 * @param values row-major, {@code width} a sample
 * @param width numbers a sample
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never compared
record Numbers(String name, float[] values, int width) implements FileTargets {
  @Override
  public Targets of(int samples, int classes) {
    try {
      return Targets.of(values, samples, width);
    } catch (IllegalArgumentException e) {
      throw new FormatException(name + ": " + e.getMessage());
    }
  }

  @Override
  public String told() {
    float least = Float.POSITIVE_INFINITY;
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    return "targets " + least + " to " + largest + (width == 1 ? "" : ", " + width + " a sample");
  }
}
