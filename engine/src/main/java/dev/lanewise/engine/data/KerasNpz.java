package dev.lanewise.engine.data;

import dev.lanewise.engine.archive.ArchiveException;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive of arrays laid out as Keras's {@code mnist.npz}: x_train and x_test as [samples,
 * steps, features] or [samples, features], y_train and y_test as [samples] of labels, or of as many
 * labels or numbers as a model that is known has outputs. Of samples with several inputs there are
 * x0_train, x1_train and so on in place of x_train, in the order of the model's inputs, and
 * y0_train, y1_train and so on of a model with several outputs.
 */
public final class KerasNpz {
  /** Deflate's best: whole arrays of blank images exist, so that less would refuse honest files. */
  private static final int MOST_EXPANSION = 1032;

  /** Of samples that are sequences of pictures. */
  private static final int MOST_SIZES = 5;

  private KerasNpz() {}

  /**
   * Reads the four arrays.
   *
   * @param file the archive
   * @param reading what its numbers and its labels mean
   * @return training and test set
   * @throws FormatException if one is missing or not what it should be
   * @throws UncheckedIOException if the file cannot be read
   */
  public static DataSplits read(Path file, Reading reading) {
    return of(DataFiles.read(file), file.toString(), reading);
  }

  /**
   * Reads the four arrays.
   *
   * @param bytes the whole file
   * @param file names it in messages
   * @throws FormatException if one is missing or not what it should be
   */
  static DataSplits of(byte[] bytes, String file, Reading reading) {
    try {
      ZipArchive archive = ZipArchive.of(bytes, file);
      if (archive.names().contains("x0_train.npy")) {
        return LabelledFile.splits(
            several(archive, file, "train", reading),
            several(archive, file, "test", reading),
            reading.unscaled(),
            file + ": ");
      }
      return LabelledFile.splits(
          part(archive, file, "train", reading),
          part(archive, file, "test", reading),
          reading,
          file + ": ");
    } catch (ArchiveException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the shapes of a training sample's inputs.
   *
   * @param file the archive
   * @return training and test set
   * @throws FormatException if the arrays are missing or damaged
   */
  public static List<Shape> inputs(Path file) {
    return inputs(DataFiles.read(file), file.toString());
  }

  /** Returns the shapes from a whole file, which is named in messages. */
  static List<Shape> inputs(byte[] bytes, String file) {
    try {
      ZipArchive archive = ZipArchive.of(bytes, file);
      boolean several = archive.names().contains("x0_train.npy");
      List<Shape> inputs = new ArrayList<>();
      do {
        String member = several ? "x" + inputs.size() + "_train" : "x_train";
        inputs.add(sample(array(archive, file, member), file, member));
      } while (archive.names().contains("x" + inputs.size() + "_train.npy"));
      return inputs;
    } catch (ArchiveException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  private static Shape sample(Npy x, String file, String member) {
    int[] sizes = x.sizes();
    if (sizes.length < 2 || sizes.length > MOST_SIZES) {
      throw new FormatException(
          file
              + ": "
              + member
              + " is "
              + Arrays.toString(sizes)
              + ", expected [samples, steps, features] or [samples, features], or up to "
              + MOST_SIZES
              + " sizes");
    }
    return Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  private static Npy array(ZipArchive archive, String file, String member) {
    return Npy.of(archive.read(member + ".npy", MOST_EXPANSION), file + ": " + member);
  }

  /** Arrays of several inputs are joined, and taken as they are: they need not mean alike. */
  private static LabelledFile several(
      ZipArchive archive, String file, String part, Reading reading) {
    List<Shape> inputs = new ArrayList<>();
    List<float[]> arrays = new ArrayList<>();
    int samples = 0;
    while (archive.names().contains("x" + inputs.size() + "_" + part + ".npy")) {
      String member = "x" + inputs.size() + "_" + part;
      Npy x = array(archive, file, member);
      Shape sample = sample(x, file, member);
      int[] sizes = x.sizes();
      if (!inputs.isEmpty() && sizes[0] != samples) {
        throw new FormatException(
            file
                + ": "
                + member
                + " is "
                + Arrays.toString(sizes)
                + ", expected as many samples as the other inputs, "
                + samples);
      }
      samples = sizes[0];
      inputs.add(sample);
      arrays.add(x.floats());
    }
    String name = file + ": x0_" + part;
    List<FileTargets> targets = targets(archive, file, part, samples, reading);
    return new LabelledFile(inputs, Features.of(name, JoinedInputs.of(inputs, arrays)), targets);
  }

  private static LabelledFile part(ZipArchive archive, String file, String part, Reading reading) {
    Npy x = array(archive, file, "x_" + part);
    Shape sample = sample(x, file, "x_" + part);
    List<FileTargets> targets = targets(archive, file, part, x.sizes()[0], reading);
    return new LabelledFile(List.of(sample), x.features(), targets);
  }

  private static List<FileTargets> targets(
      ZipArchive archive, String file, String part, int samples, Reading reading) {
    if (!archive.names().contains("y0_" + part + ".npy")) {
      String member = "y_" + part;
      return List.of(target(archive, file, member, samples, reading.targets().getFirst()));
    }
    List<FileTargets> all = new ArrayList<>();
    while (archive.names().contains("y" + all.size() + "_" + part + ".npy")) {
      String member = "y" + all.size() + "_" + part;
      if (all.size() == reading.targets().size()) {
        throw new FormatException(
            file
                + ": has "
                + member
                + ", the model has "
                + all.size()
                + (all.size() == 1 ? " output" : " outputs"));
      }
      Reading.Target known = reading.targets().get(all.size());
      all.add(target(archive, file, member, samples, known));
    }
    return all;
  }

  private static FileTargets target(
      ZipArchive archive, String file, String member, int samples, Reading.Target reading) {
    Npy y = array(archive, file, member);
    FileTargets targets = targetsOrNull(y, samples, file + ": " + member, reading);
    if (targets == null) {
      throw new FormatException(
          file
              + ": "
              + member
              + " is "
              + Arrays.toString(y.sizes())
              + ", x"
              + member.substring(member.indexOf('_'))
              + " has "
              + samples
              + " samples; "
              + expected(reading));
    }
    return targets;
  }

  /** Returns numbers where they are as many as the model's, else labels; null if neither fits. */
  private static @Nullable FileTargets targetsOrNull(
      Npy y, int samples, String name, Reading.Target reading) {
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
    boolean any = reading.labels() == 0 && each > 0;
    return any || (each == reading.labels() && rank(sizes) <= 2)
        ? new Labels(name, y.ints())
        : null;
  }

  /** Keras takes a column of labels for a row of them. */
  private static int rank(int[] sizes) {
    int rank = sizes.length;
    while (rank > 1 && sizes[rank - 1] == 1) {
      rank--;
    }
    return rank;
  }

  private static String expected(Reading.Target reading) {
    String labels =
        switch (reading.labels()) {
          case 0 -> "labels are expected, in two dimensions, with 0 behind those of a sample";
          case 1 -> "one label each is expected";
          default -> reading.labels() + " labels each are expected";
        };
    return reading.numbers() == 0 ? labels : labels + ", or " + reading.numbers() + " numbers";
  }
}
