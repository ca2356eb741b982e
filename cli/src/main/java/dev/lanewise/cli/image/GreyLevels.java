package dev.lanewise.cli.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.List;

/**
 * The grey levels of a decoded picture, from its samples as they are stored: a grey one's own
 * level, a coloured one's luma (ITU-R BT.601). Java's colour model is not asked, since it takes
 * grey to be linear and makes 188 of 128.
 */
final class GreyLevels {
  private static final float WHITE = 255;

  /** Ink that stands out less than this from white paper is not meant for it. */
  private static final float VISIBLE = WHITE / 4;

  private final BufferedImage image;
  private final PictureParts.Frame frame;
  private final int[] samples;
  private final float[] scales;
  private final float[] levels;
  private final float[] alphas;

  private GreyLevels(BufferedImage image, PictureParts.Frame frame) {
    this.image = image;
    this.frame = frame;
    ColorModel model = image.getColorModel();
    samples = new int[image.getWidth() * image.getRaster().getNumBands()];
    scales = new float[image.getRaster().getNumBands()];
    for (int band = 0; band < scales.length && !(model instanceof IndexColorModel); band++) {
      scales[band] = WHITE / ((1 << model.getComponentSize(band)) - 1);
    }
    levels = new float[frame.columns()];
    alphas = new float[frame.columns()];
  }

  /**
   * Returns the levels, transparent places being white as on paper; black, if what is drawn there
   * would not be seen on paper.
   *
   * @param frame where the picture lies
   * @param notes is told which
   */
  static Grey of(BufferedImage image, PictureParts.Frame frame, List<String> notes) {
    return new GreyLevels(image, frame).grey(notes);
  }

  private Grey grey(List<String> notes) {
    float ground = WHITE;
    if (isTransparent()) {
      boolean paper = contrast(WHITE) >= VISIBLE || contrast(0) < VISIBLE;
      ground = paper ? WHITE : 0;
      notes.add("transparent ground taken as " + (paper ? "white" : "black"));
    }
    Grey grey = new Grey(frame.rows(), frame.columns());
    for (int y = 0; y < frame.rows(); y++) {
      row(y);
      for (int x = 0; x < frame.columns(); x++) {
        grey.set(y, x, over(ground, x));
      }
    }
    return grey;
  }

  private float over(float ground, int x) {
    return alphas[x] * levels[x] + (1 - alphas[x]) * ground;
  }

  private boolean isTransparent() {
    boolean full = image.getWidth() == frame.columns() && image.getHeight() == frame.rows();
    if (full && !image.getColorModel().hasAlpha()) {
      return false;
    }
    for (int y = 0; y < frame.rows(); y++) {
      row(y);
      for (float alpha : alphas) {
        if (alpha < 1) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns how far the levels on this ground lie apart. */
  private float contrast(float ground) {
    float least = WHITE;
    float largest = 0;
    for (int y = 0; y < frame.rows(); y++) {
      row(y);
      for (int x = 0; x < frame.columns(); x++) {
        least = Math.min(least, over(ground, x));
        largest = Math.max(largest, over(ground, x));
      }
    }
    return largest - least;
  }

  /** Takes a row of the frame: levels, and alphas that are 0 beside the picture. */
  private void row(int y) {
    int inside = y - frame.y();
    Arrays.fill(alphas, 0);
    if (inside < 0 || inside >= image.getHeight()) {
      return;
    }
    Raster raster = image.getRaster();
    raster.getPixels(raster.getMinX(), raster.getMinY() + inside, image.getWidth(), 1, samples);
    if (image.getColorModel() instanceof IndexColorModel palette) {
      for (int x = 0; x < image.getWidth(); x++) {
        int argb = palette.getRGB(samples[x]);
        levels[frame.x() + x] = luma((argb >> 16) & 0xFF, (argb >> 8) & 0xFF, argb & 0xFF);
        alphas[frame.x() + x] = (argb >>> 24) / WHITE;
      }
    } else {
      channels(raster.getNumBands());
    }
  }

  private void channels(int bands) {
    int colours = image.getColorModel().getNumColorComponents();
    for (int x = 0; x < image.getWidth(); x++) {
      int at = x * bands;
      float first = samples[at] * scales[0];
      levels[frame.x() + x] =
          colours == 1
              ? first
              : luma(first, samples[at + 1] * scales[1], samples[at + 2] * scales[2]);
      alphas[frame.x() + x] = bands > colours ? samples[at + colours] * scales[colours] / WHITE : 1;
    }
  }

  private static float luma(float red, float green, float blue) {
    return (float) (0.299 * red + 0.587 * green + 0.114 * blue);
  }
}
