package dev.lanewise.engine.data;

import dev.lanewise.engine.archive.ArchiveException;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An archive of arrays laid out as Keras's {@code mnist.npz}: x_train and x_test as [samples,
 * steps, features] or [samples, features], y_train and y_test as [samples] of labels, or of as many
 * labels or numbers as a model that is known has outputs.
 */
public final class KerasNpz {
  /** Deflate's best: whole arrays of blank images exist, so that less would refuse honest files. */
  private static final int MOST_EXPANSION = 1032;

  private KerasNpz() {}

  /**
   * Reads the four arrays.
   *
   * @throws FormatException if one is missing or not what it should be
   * @throws UncheckedIOException if the file cannot be read
   */
  public static DataSplits read(Path file, Reading reading) {
    byte[] bytes = DataFiles.read(file);
    try {
      ZipArchive archive = ZipArchive.of(bytes, file.toString());
      return LabelledFile.splits(
          part(archive, file, "train", reading),
          part(archive, file, "test", reading),
          reading,
          file + ": ");
    } catch (ArchiveException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  private static Npy array(ZipArchive archive, Path file, String member) {
    return Npy.of(archive.read(member + ".npy", MOST_EXPANSION), file + ": " + member);
  }

  private static LabelledFile part(ZipArchive archive, Path file, String part, Reading reading) {
    Npy y = array(archive, file, "y_" + part);
    Npy x = array(archive, file, "x_" + part);
    int[] sizes = x.sizes();
    if (sizes.length < 2 || sizes.length > 3) {
      throw new FormatException(
          file
              + ": x_"
              + part
              + " is "
              + Arrays.toString(sizes)
              + ", expected [samples, steps, features] or [samples, features]");
    }
    FileTargets targets = targetsOrNull(y, sizes[0], file + ": y_" + part, reading);
    if (targets == null) {
      throw new FormatException(
          file
              + ": y_"
              + part
              + " is "
              + Arrays.toString(y.sizes())
              + ", x_"
              + part
              + " has "
              + sizes[0]
              + " samples; "
              + expected(reading));
    }
    return new LabelledFile(
        Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)), x.features(), targets);
  }

  /** Returns numbers where they are as many as the model's, else labels; null if neither fits. */
  private static @Nullable FileTargets targetsOrNull(
      Npy y, int samples, String name, Reading reading) {
    int[] sizes = y.sizes();
    if (sizes.length == 0 || sizes[0] != samples) {
      return null;
    }
    int each = 1;
    for (int i = 1; i < sizes.length; i++) {
      each *= sizes[i];
    }
    if (each == reading.numbers()) {
      return new Numbers(name, y.floats(), each);
    }
    return each == reading.labels() && sizes.length == (each == 1 ? 1 : 2)
        ? new Labels(name, y.ints())
        : null;
  }

  private static String expected(Reading reading) {
    String labels =
        reading.labels() == 1
            ? "one label each is expected, in one dimension"
            : reading.labels() + " labels each are expected";
    return reading.numbers() == 0 ? labels : labels + ", or " + reading.numbers() + " numbers";
  }
}
