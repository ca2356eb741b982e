package dev.lanewise.cli.image;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a picture of a digit into what MNIST's pictures are (LeCun, Cortes and Burges): white on
 * black, scaled into 20 x 20 pixels with its proportions kept, and placed in 28 x 28 with its
 * centre of mass in the middle.
 *
 * @param pixels 28 x 28 grey levels in rows, unsigned
 * @param steps what was done, in words
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record DigitPreparation(byte[] pixels, List<String> steps) {
  /** Pixels of a side. */
  public static final int SIDE = 28;

  private static final int BOX = 20;

  /**
   * Ink is what is brighter than this share of the brightest: paper and sensors are never black.
   */
  private static final float INK = 0.25f;

  /** A ground brighter than this is paper. */
  private static final float PAPER = 127.5f;

  /** Makes the list unmodifiable. */
  public DigitPreparation {
    steps = List.copyOf(steps);
  }

  /** Prepares a picture; one that has MNIST's size and a dark ground is taken as it is. */
  public static DigitPreparation of(Grey picture) {
    List<String> steps = new ArrayList<>();
    Grey dark = picture;
    if (picture.borderMean() > PAPER) {
      dark = picture.inverted();
      steps.add("inverted");
    } else if (picture.rows() == SIDE && picture.columns() == SIDE) {
      return new DigitPreparation(bytes(picture), List.of("taken as it is"));
    }
    float brightest = brightest(dark);
    if (brightest <= 0) {
      steps.add("blank");
      return new DigitPreparation(new byte[SIDE * SIDE], steps);
    }
    Grey ink = inked(dark, brightest, steps);
    double scale = (double) BOX / Math.max(ink.rows(), ink.columns());
    int height = Math.max(1, (int) Math.round(ink.rows() * scale));
    int width = Math.max(1, (int) Math.round(ink.columns() * scale));
    steps.add("scaled to " + width + " x " + height);
    Grey small = ink.scaled(height, width);
    steps.add("centred by mass");
    return new DigitPreparation(bytes(centred(small, 255 / brightest(small))), steps);
  }

  private static float brightest(Grey picture) {
    float brightest = 0;
    for (int y = 0; y < picture.rows(); y++) {
      for (int x = 0; x < picture.columns(); x++) {
        brightest = Math.max(brightest, picture.get(y, x));
      }
    }
    return brightest;
  }

  /** Cuts away what has no ink, and takes the ground's own level off. */
  private static Grey inked(Grey dark, float brightest, List<String> steps) {
    float ground = Math.min(dark.borderMean(), brightest * INK);
    int top = dark.rows();
    int bottom = -1;
    int left = dark.columns();
    int right = -1;
    for (int y = 0; y < dark.rows(); y++) {
      for (int x = 0; x < dark.columns(); x++) {
        if (dark.get(y, x) > ground + (brightest - ground) * INK) {
          top = Math.min(top, y);
          bottom = y;
          left = Math.min(left, x);
          right = Math.max(right, x);
        }
      }
    }
    int height = bottom - top + 1;
    int width = right - left + 1;
    steps.add("cut from " + dark.columns() + " x " + dark.rows() + " to " + width + " x " + height);
    Grey ink = new Grey(height, width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        ink.set(y, x, Math.max(0, dark.get(top + y, left + x) - ground));
      }
    }
    return ink;
  }

  private static Grey centred(Grey small, float gain) {
    double mass = 0;
    double rowMoment = 0;
    double columnMoment = 0;
    for (int y = 0; y < small.rows(); y++) {
      for (int x = 0; x < small.columns(); x++) {
        mass += small.get(y, x);
        rowMoment += (y + 0.5) * small.get(y, x);
        columnMoment += (x + 0.5) * small.get(y, x);
      }
    }
    int top = place(rowMoment / mass, small.rows());
    int left = place(columnMoment / mass, small.columns());
    Grey result = new Grey(SIDE, SIDE);
    for (int y = 0; y < small.rows(); y++) {
      for (int x = 0; x < small.columns(); x++) {
        result.set(top + y, left + x, Math.min(255, small.get(y, x) * gain));
      }
    }
    return result;
  }

  /** The box stays inside, wherever its centre of mass is. */
  private static int place(double centre, int length) {
    return Math.clamp(Math.round(SIDE / 2.0 - centre), 0, SIDE - length);
  }

  private static byte[] bytes(Grey picture) {
    byte[] bytes = new byte[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        bytes[y * SIDE + x] = (byte) Math.round(picture.get(y, x));
      }
    }
    return bytes;
  }
}
