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
 * @param splits the two sets
 */
public record IdxFolder(DataSplits splits) {
  /**
   * The standard names: training images, labels, test images, labels. Files may also be gzipped,
   * called {@code train-images.idx3-ubyte}, or lie in a folder of their own name.
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
     * @return its bytes, which the caller closes
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
      if (!Files.exists(file)) {
        throw new FormatException(file + ": no such file");
      }
      if (!Files.isRegularFile(file)) {
        throw new FormatException(file + ": expected an IDX file, found a device or a pipe");
      }
      return new Member(file.toString(), Files.size(file), () -> Files.newInputStream(file));
    }
  }

  /** {@return the training samples} */
  public Dataset train() {
    return splits.train();
  }

  /** {@return the test samples} */
  public Dataset test() {
    return splits.test();
  }

  /**
   * Reads the four files with the standard names.
   *
   * @param folder the folder
   * @return training and test set
   * @throws FormatException if one is missing or not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(Path folder) {
    return load(folder, Reading.PLAIN);
  }

  /**
   * Reads the four files with the standard names as they are to be understood.
   *
   * @param folder the folder
   * @param reading what its numbers and its labels mean
   * @return training and test set
   * @throws FormatException if one is missing or not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(Path folder, Reading reading) {
    return load(IdxNames.in(folder), reading);
  }

  /**
   * Reads four files: training images, training labels, test images, test labels.
   *
   * @param files in this order
   * @param reading what its numbers and its labels mean
   * @return training and test set
   * @throws FormatException if one is not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(List<Path> files, Reading reading) {
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
      return load(members, Runnable::run, reading);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads four members in the order of {@link #NAMES}; the training images, by far the longest, are
   * decoded by {@code executor} beside the others.
   *
   * @param members in that order
   * @param executor what decodes them
   * @param reading what its numbers and its labels mean
   * @return training and test set
   * @throws FormatException if one is not what it should be
   * @throws UncheckedIOException if one cannot be read
   */
  public static IdxFolder load(Member[] members, Executor executor, Reading reading) {
    CompletableFuture<IdxFile> trainImages =
        CompletableFuture.supplyAsync(() -> read(members[0], 3, "images"), executor);
    IdxFile trainLabels = read(members[1], 1, "labels");
    IdxFile testImages = read(members[2], 3, "images");
    IdxFile testLabels = read(members[3], 1, "labels");
    try {
      requireSameSize(trainImages.join(), testImages);
      return new IdxFolder(
          LabelledFile.splits(
              part(trainImages.join(), trainLabels), part(testImages, testLabels), reading, ""));
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

  private static LabelledFile part(IdxFile images, IdxFile labels) {
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
    }
    return new LabelledFile(
        Shape.of(images.sizes()[1], images.sizes()[2]),
        Features.of(images.name(), images.bytes()),
        new Labels(labels.name(), values));
  }
}
