package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Samples to predict, without labels: an array as .npy, rows of .csv, or images as IDX.
 *
 * @param samples their targets are of no meaning
 * @param inferred what the file left open and how it was understood, for people
 */
public record SampleFile(Dataset samples, String inferred) {
  /**
   * Reads samples.
   *
   * @param file the file to read
   * @param sample the shape of one
   * @param scaling what is done to numbers
   * @return samples without targets
   * @throws FormatException if the file is missing, damaged, or of samples of another shape
   */
  public static SampleFile read(Path file, Shape sample, Scaling scaling) {
    return read(file, sample, false, scaling);
  }

  /**
   * Reads samples.
   *
   * @param file the file to read
   * @param sample the shape of one
   * @param anySteps whether its first size is the file's
   * @param scaling what is done to numbers
   * @return samples without targets
   * @throws FormatException if the file is missing, damaged, or of samples of another shape
   */
  public static SampleFile read(Path file, Shape sample, boolean anySteps, Scaling scaling) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return CsvFile.samples(file, sample, anySteps, scaling);
    }
    return name.endsWith(".npy")
        ? array(file, sample, anySteps, scaling)
        : images(file, sample, anySteps, scaling);
  }

  /**
   * Reads texts, one a line.
   *
   * @param file the file to read, UTF-8
   * @param vectorization makes ids of their tokens
   * @return samples of ids without targets
   * @throws FormatException if the file is missing, is not UTF-8, or has no token
   */
  public static Dataset texts(Path file, TextVectorization vectorization) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(DataFiles.read(file));
      List<String> texts =
          StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().lines().toList();
      PaddedSequences ids = vectorization.ids(texts);
      return Dataset.of(ids.shape(), ids.values(), new float[texts.size()], 1);
    } catch (CharacterCodingException e) {
      throw new FormatException(file + ": is not UTF-8, which texts must be");
    } catch (IllegalArgumentException e) {
      throw new FormatException(file + ": has no text with a token: " + e.getMessage());
    }
  }

  /** Settles what numbers mean, and says so. */
  static SampleFile of(Features features, Shape sample, Scaling scaling, String told) {
    boolean pixels = features.arePixels(scaling);
    int samples = Math.toIntExact(features.length() / sample.elementCount());
    Targets none = Targets.ofLabels(new int[samples], samples, 1);
    return new SampleFile(
        features.dataset(List.of(sample), List.of(none), pixels), told + features.told(pixels));
  }

  private static SampleFile array(Path file, Shape of, boolean anySteps, Scaling scaling) {
    Npy array = Npy.of(DataFiles.read(file), file.toString());
    int[] sizes = array.sizes();
    int first = sizes.length - of.rank();
    boolean told = anySteps && (first == 0 || first == 1) && sizes[first] > 0;
    Shape sample = told ? of.withFirst(sizes[first]) : of;
    int[] each = sizes.length == 0 ? sizes : Arrays.copyOfRange(sizes, 1, sizes.length);
    if (!fits(sizes, sample) && !fits(each, sample)) {
      throw new FormatException(
          file
              + ": is "
              + Arrays.toString(sizes)
              + ", the model takes samples of "
              + sample
              + ", one or several");
    }
    return of(array.features(), sample, scaling, file + ": " + Arrays.toString(sizes) + "; ");
  }

  /** Plain rows of as many values are samples too, as those of a table are. */
  private static boolean fits(int[] sizes, Shape sample) {
    return Arrays.equals(sizes, sample.toArray())
        || (sizes.length == 1 && sizes[0] == sample.elementCount());
  }

  private static SampleFile images(Path file, Shape of, boolean anySteps, Scaling scaling) {
    byte[] bytes = DataFiles.read(file);
    if (!IdxFile.isOne(bytes)) {
      throw new FormatException(
          file
              + ": is "
              + Signature.of(bytes)
              + "; PNG, JPEG, GIF and BMP pictures are read, .npy, tables named .csv, and IDX");
    }
    IdxFile idx;
    try {
      idx =
          IdxFile.read(new ByteArrayInputStream(bytes), bytes.length, file.toString(), 3, "images");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
    int[] sizes = idx.sizes();
    Shape sample = anySteps ? of.withFirst(sizes[1]) : of;
    if (!Shape.of(sizes[1], sizes[2]).equals(sample)) {
      throw new FormatException(
          file + ": images are " + sizes[1] + " x " + sizes[2] + ", the model takes " + sample);
    }
    return of(
        Features.of(file.toString(), idx.bytes()),
        sample,
        scaling,
        file + ": " + Arrays.toString(sizes) + "; ");
  }
}
