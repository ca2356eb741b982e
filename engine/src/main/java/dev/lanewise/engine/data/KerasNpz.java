package dev.lanewise.engine.data;

import dev.lanewise.engine.archive.ArchiveException;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An archive of arrays laid out as Keras's {@code mnist.npz}: x_train and x_test as [samples,
 * steps, features] or [samples, features], y_train and y_test as [samples] of labels.
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
  public static DataSplits read(Path file) {
    try {
      ZipArchive archive = ZipArchive.of(DataFiles.read(file), file.toString());
      Npy trainLabels = array(archive, file, "y_train");
      Npy testLabels = array(archive, file, "y_test");
      int classes = Math.max(2, largest(trainLabels) + 1);
      return new DataSplits(
          dataset(file, "train", array(archive, file, "x_train"), trainLabels, classes),
          dataset(file, "test", array(archive, file, "x_test"), testLabels, classes));
    } catch (ArchiveException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  private static Npy array(ZipArchive archive, Path file, String member) {
    return Npy.of(archive.read(member + ".npy", MOST_EXPANSION), file + ": " + member);
  }

  private static int largest(Npy labels) {
    return Arrays.stream(labels.ints()).max().orElse(0);
  }

  private static Dataset dataset(Path file, String part, Npy x, Npy y, int classes) {
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
    if (y.sizes().length != 1 || y.sizes()[0] != sizes[0]) {
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
              + " samples");
    }
    Shape sample = Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length));
    try {
      return x.isBytes()
          ? Dataset.ofBytes(sample, x.bytes(), y.ints(), classes)
          : Dataset.of(sample, x.floats(), y.ints(), classes);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file + ": " + part + ": " + e.getMessage());
    }
  }
}
