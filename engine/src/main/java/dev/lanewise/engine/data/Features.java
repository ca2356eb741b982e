package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The features of a file before it is settled what they mean: unsigned bytes or floats, sample
 * after sample. Levels of pixels become bytes whatever type they were stored as, so that the same
 * picture has the same bits from every kind of file.
 */
final class Features {
  private static final int WHITE = 255;

  private final String name;
  private final byte @Nullable [] bytes;
  private final float[] floats;

  private Features(String name, byte @Nullable [] bytes, float[] floats) {
    this.name = name;
    this.bytes = bytes;
    this.floats = floats;
  }

  /** Returns unsigned bytes, kept and not copied. */
  static Features of(String name, byte[] bytes) {
    return new Features(name, bytes, new float[0]);
  }

  /** Returns floats, kept and not copied. */
  static Features of(String name, float[] floats) {
    return new Features(name, null, floats);
  }

  /** Names them in messages. */
  String name() {
    return name;
  }

  /** Returns how many numbers there are. */
  int length() {
    return bytes != null ? bytes.length : floats.length;
  }

  private float get(int i) {
    return bytes != null ? bytes[i] & 0xFF : floats[i];
  }

  /** Returns whether a number could be a pixel's level. */
  private static boolean isLevel(float value) {
    return value >= 0 && value <= WHITE && value == (int) value;
  }

  /** Returns the first number that is no pixel's level, -1 if there is none. */
  private int firstOther() {
    for (int i = 0; i < floats.length; i++) {
      if (!isLevel(floats[i])) {
        return i;
      }
    }
    return -1;
  }

  private float largest() {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length(); i++) {
      largest = Math.max(largest, get(i));
    }
    return largest;
  }

  private float least() {
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < length(); i++) {
      least = Math.min(least, get(i));
    }
    return least;
  }

  /** Returns whether the numbers by themselves are pixels: what no scaled picture looks like. */
  private boolean lookLikePixels() {
    return firstOther() < 0 && isAnyAboveOne();
  }

  private boolean isAnyAboveOne() {
    for (int i = 0; i < length(); i++) { // mostly short: pictures have few black pixels in front
      if (get(i) > 1) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the numbers are to be divided by 255.
   *
   * @throws FormatException if they have to be pixels, and are none
   */
  boolean arePixels(Scaling scaling) {
    return switch (scaling) {
      case NONE -> false;
      case AUTO -> lookLikePixels();
      case PIXELS -> {
        if (least() < 0 || largest() > WHITE) {
          throw new FormatException(
              name + ": pixels are 0 to 255, found " + text(least()) + " to " + text(largest()));
        }
        yield true;
      }
    };
  }

  /**
   * Refuses a test set that is scaled otherwise than its training set, which no score would show.
   *
   * @param training the training set's features
   * @param pixels whether those are pixels
   */
  void requireScaledAs(Features training, boolean pixels) {
    int other = firstOther();
    if (pixels && other >= 0) {
      throw new FormatException(
          name
              + ": number "
              + other
              + " is "
              + text(floats[other])
              + ", but those of "
              + training.name
              + " are pixels, whole from 0 to 255; scale both alike");
    }
    boolean scaled = !pixels && training.least() >= 0 && training.largest() <= 1;
    if (scaled && lookLikePixels()) {
      throw new FormatException(
          name
              + ": numbers go to "
              + text(largest())
              + ", but those of "
              + training.name
              + " are between 0 and 1; scale both alike");
    }
  }

  /**
   * Returns the features with targets; as the bytes that they are, where they are pixels and all
   * targets are labels.
   *
   * @throws FormatException if one is not finite
   */
  Dataset dataset(List<Shape> inputs, List<Targets> targets, boolean pixels) {
    boolean labels = inputs.size() == 1 && targets.stream().allMatch(Targets::areLabels);
    try {
      return labels && pixels && (bytes != null || firstOther() < 0)
          ? Dataset.ofBytes(inputs.getFirst(), levels(), targets)
          : Dataset.of(inputs, values(pixels), targets);
    } catch (IllegalArgumentException e) {
      throw new FormatException(name + ": " + e.getMessage());
    }
  }

  private byte[] levels() {
    if (bytes != null) {
      return bytes;
    }
    byte[] levels = new byte[floats.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) floats[i];
    }
    return levels;
  }

  private float[] values(boolean pixels) {
    if (bytes == null && !pixels) {
      return floats;
    }
    float[] values = new float[length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels ? get(i) / WHITE : get(i);
    }
    return values;
  }

  /** Says what became of the numbers. */
  String told(boolean pixels) {
    return (firstOther() < 0 ? "whole numbers " : "numbers ")
        + text(least())
        + " to "
        + text(largest())
        + (pixels ? ", divided by 255 as pixels" : ", taken as they are");
  }

  private static String text(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
