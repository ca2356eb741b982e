package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A training and a test set in the four files of MNIST, which Fashion-MNIST and others share:
 * images as [count, rows, columns] of bytes, labels as [count]. The number of classes is the
 * largest training label plus one.
 *
 * @param train the training samples
 * @param test the test samples
 */
public record IdxFolder(Dataset train, Dataset test) {
  /**
   * The standard names, with or without {@code .gz}: training images, labels, test images, labels.
   */
  public static final List<String> NAMES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  /** Where the bytes of one file come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Opens the file.
     *
     * @throws IOException if it cannot be opened
     */
    InputStream open() throws IOException;
  }

  /**
   * One of the four files.
   *
   * @param name names it in messages
   * @param length its bytes, packed or not
   * @param source opens it
   */
  public record Member(String name, long length, Source source) {
    /** Returns the member in {@code file}. */
    static Member of(Path file) throws IOException {
      if (Files.isDirectory(file)) {
        throw new FormatException(file + ": expected an IDX file, found a folder");
      }
      if (!Files.isRegularFile(file)) {
        throw new FormatException(file + ": no such file");
      }
      return new Member(file.toString(), Files.size(file), () -> Files.newInputStream(file));
    }
  }

  /** Returns the two sets. */
  public DataSplits splits() {
    return new DataSplits(train, test);
  }

  /**
   * Reads the four files with the standard names.
   *
   * @throws FormatException if one is missing or not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(
          folder + ": expected a folder with " + String.join(", ", NAMES) + " (raw or .gz)");
    }
    return load(NAMES.stream().map(name -> find(folder, name)).toList());
  }

  private static Path find(Path folder, String name) {
    for (String candidate : List.of(name, name + ".gz")) {
      Path file = folder.resolve(candidate);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new FormatException(
        folder + ": no " + name + " or " + name + ".gz; looked for " + String.join(", ", NAMES));
  }

  /**
   * Reads four files: training images, training labels, test images, test labels.
   *
   * @throws FormatException if one is not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(List<Path> files) {
    if (files.size() != NAMES.size()) {
      throw new FormatException(
          "data: expected four files (training images and labels, test images and labels), found "
              + files.size());
    }
    try {
      Member[] members = new Member[NAMES.size()];
      for (int i = 0; i < members.length; i++) {
        members[i] = Member.of(files.get(i));
      }
      return load(members, Runnable::run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads four members in the order of {@link #NAMES}; the training images, by far the longest, are
   * decoded by {@code executor} beside the others.
   *
   * @throws FormatException if one is not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(Member[] members, Executor executor) {
    CompletableFuture<IdxFile> trainImages =
        CompletableFuture.supplyAsync(() -> read(members[0], 3, "images"), executor);
    IdxFile trainLabels = read(members[1], 1, "labels");
    IdxFile testImages = read(members[2], 3, "images");
    IdxFile testLabels = read(members[3], 1, "labels");
    int classes = classes(trainLabels);
    try {
      requireSameSize(trainImages.join(), testImages);
      Dataset train = dataset(trainImages.join(), trainLabels, classes);
      return new IdxFolder(train, dataset(testImages, testLabels, classes));
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Found here, and not by the final evaluation, after all of the training. */
  private static void requireSameSize(IdxFile train, IdxFile test) {
    if (train.sizes()[1] != test.sizes()[1] || train.sizes()[2] != test.sizes()[2]) {
      throw new FormatException(
          test.name()
              + " has images of "
              + size(test)
              + ", "
              + train.name()
              + " of "
              + size(train)
              + "; sizes must agree");
    }
  }

  private static String size(IdxFile images) {
    return images.sizes()[1] + " x " + images.sizes()[2];
  }

  private static IdxFile read(Member member, int rank, String content) {
    try (InputStream in = member.source().open()) {
      return IdxFile.read(in, member.length(), member.name(), rank, content);
    } catch (IOException e) {
      throw new UncheckedIOException(member.name() + ": " + e.getMessage(), e);
    }
  }

  private static int classes(IdxFile labels) {
    int most = 1;
    for (byte label : labels.bytes()) {
      most = Math.max(most, label & 0xFF);
    }
    return most + 1;
  }

  private static Dataset dataset(IdxFile images, IdxFile labels, int classes) {
    if (images.sizes()[0] != labels.sizes()[0]) {
      throw new FormatException(
          images.name()
              + " has "
              + images.sizes()[0]
              + " images, "
              + labels.name()
              + " has "
              + labels.sizes()[0]
              + " labels; counts must agree");
    }
    int[] values = new int[labels.bytes().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = labels.bytes()[i] & 0xFF;
      if (values[i] >= classes) {
        throw new FormatException(
            labels.name()
                + ": label "
                + i
                + " is "
                + values[i]
                + ", the training labels go to "
                + (classes - 1));
      }
    }
    Shape sample = Shape.of(images.sizes()[1], images.sizes()[2]);
    return Dataset.ofBytes(sample, images.bytes(), values, classes);
  }
}
