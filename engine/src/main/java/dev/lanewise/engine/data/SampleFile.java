package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Samples to predict, without labels: an array as .npy, rows of .csv, or images as IDX. Bytes are
 * divided by 255, as pixels are.
 */
public final class SampleFile {
  private SampleFile() {}

  /**
   * Reads samples.
   *
   * @param sample the shape of one
   * @return samples whose targets are of no meaning
   * @throws FormatException if the file is missing, damaged, or of samples of another shape
   */
  public static Dataset read(Path file, Shape sample) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return CsvFile.samples(file, sample);
    }
    return name.endsWith(".npy") ? array(file, sample) : images(file, sample);
  }

  private static Dataset array(Path file, Shape sample) {
    Npy array = Npy.of(DataFiles.read(file), file.toString());
    int[] sizes = array.sizes();
    boolean one = Arrays.equals(sizes, sample.toArray());
    int[] each = sizes.length == 0 ? sizes : Arrays.copyOfRange(sizes, 1, sizes.length);
    if (!one && !Arrays.equals(each, sample.toArray())) {
      throw new FormatException(
          file
              + ": is "
              + Arrays.toString(sizes)
              + ", the model takes samples of "
              + sample
              + ", one or several");
    }
    int count = one ? 1 : sizes[0];
    return array.isBytes()
        ? Dataset.ofBytes(sample, array.bytes(), new int[count], 1)
        : floats(file, sample, array.floats(), count);
  }

  private static Dataset floats(Path file, Shape sample, float[] values, int count) {
    try {
      return Dataset.of(sample, values, new int[count], 1);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file + ": " + e.getMessage());
    }
  }

  private static Dataset images(Path file, Shape sample) {
    byte[] bytes = DataFiles.read(file);
    IdxFile idx;
    try {
      idx =
          IdxFile.read(new ByteArrayInputStream(bytes), bytes.length, file.toString(), 3, "images");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
    int[] sizes = idx.sizes();
    if (!Shape.of(sizes[1], sizes[2]).equals(sample)) {
      throw new FormatException(
          file + ": images are " + sizes[1] + " x " + sizes[2] + ", the model takes " + sample);
    }
    return Dataset.ofBytes(sample, idx.bytes(), new int[sizes[0]], 1);
  }
}
