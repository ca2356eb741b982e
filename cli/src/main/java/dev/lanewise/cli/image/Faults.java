package dev.lanewise.cli.image;

import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder keeps to itself: it fills up what is missing or damaged, warns, and returns a
 * picture like any other.
 */
final class Faults implements IIOReadWarningListener, IIOReadProgressListener {
  private static final float WHOLE = 99.99f;

  private @Nullable String warning;
  private float progress;

  /** Refuses a picture that its file does not have whole. */
  void requireNone(String format) throws PictureException {
    if (warning != null) {
      throw PictureBytes.damaged(warning);
    }
    if (format.equals("gif") && progress < WHOLE) { // told row by row; others throw or warn
      throw PictureBytes.damaged("its data end after " + (int) progress + " % of the pixels");
    }
  }

  @Override
  public void warningOccurred(ImageReader source, String text) {
    warning = text;
  }

  @Override
  public void imageProgress(ImageReader source, float percentage) {
    progress = percentage;
  }

  @Override
  public void sequenceStarted(ImageReader source, int least) {}

  @Override
  public void sequenceComplete(ImageReader source) {}

  @Override
  public void imageStarted(ImageReader source, int index) {}

  @Override
  public void imageComplete(ImageReader source) {}

  @Override
  public void thumbnailStarted(ImageReader source, int index, int thumbnail) {}

  @Override
  public void thumbnailProgress(ImageReader source, float percentage) {}

  @Override
  public void thumbnailComplete(ImageReader source) {}

  @Override
  public void readAborted(ImageReader source) {}
}
