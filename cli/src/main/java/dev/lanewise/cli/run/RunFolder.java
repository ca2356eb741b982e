package dev.lanewise.cli.run;

import dev.lanewise.engine.checkpoint.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The folder of one run. Each file is replaced in one step, so that a folder never holds half of
 * one.
 *
 * @param path where it is
 */
public record RunFolder(Path path) {
  /** Where numbered folders are made. */
  public static final Path BASE = Path.of("lanewise-out");

  /** What the run was and reported. */
  public static final String HISTORY_JSON = "history.json";

  /** What each epoch reported, as Keras's CSVLogger writes it. */
  public static final String HISTORY_CSV = "history.csv";

  /** The trained model. */
  public static final String MODEL = "model.keras";

  /** The model of the best epoch, if it was asked for. */
  public static final String BEST_MODEL = "best.keras";

  /** Accuracy and loss against epochs. */
  public static final String CURVES = "curves";

  /** All of it to read. */
  public static final String REPORT = "report.html";

  /**
   * Makes a folder of the next number, also when several runs begin at once.
   *
   * @throws UncheckedIOException if that is not possible
   */
  public static RunFolder next(Path base) {
    try {
      Files.createDirectories(base);
      int number = last(base) + 1;
      while (true) {
        Path folder = base.resolve(Integer.toString(number++));
        if (Files.notExists(folder) && created(folder)) {
          return new RunFolder(folder);
        }
      }
    } catch (IOException e) {
      throw unusable(base, e);
    }
  }

  /**
   * Refuses a place in which no folder can be made, before any work is done.
   *
   * @throws UncheckedIOException if it is so
   */
  public static void requirePossible(Path base) {
    Path nearest = base.toAbsolutePath();
    while (nearest != null && Files.notExists(nearest)) {
      nearest = nearest.getParent();
    }
    if (nearest == null || !Files.isDirectory(nearest) || !Files.isWritable(nearest)) {
      throw new UncheckedIOException(
          base + ": no folder can be made there; name another with --out, or write none: --no-out",
          new IOException("not writable"));
    }
  }

  /** Returns whether this process made the folder, and not another run at the same moment. */
  private static boolean created(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static int last(Path base) throws IOException {
    try (Stream<Path> folders = Files.list(base)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.matches("[1-9][0-9]{0,8}"))
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(0);
    }
  }

  /**
   * Takes this very folder, made if need be; files of an earlier run in it are replaced one by one.
   *
   * @throws UncheckedIOException if that is not possible
   */
  public static RunFolder at(Path folder) {
    try {
      Files.createDirectories(folder);
      return new RunFolder(folder);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static UncheckedIOException unusable(Path folder, IOException e) {
    String why =
        e instanceof FileAlreadyExistsException ? "a file has that name" : String.valueOf(e);
    return new UncheckedIOException(folder + ": cannot be the run's folder: " + why, e);
  }

  /** Returns the path of a file in the folder. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Replaces a file.
   *
   * @throws UncheckedIOException if it cannot be written; the old one is still there
   */
  public void write(String name, byte[] content) {
    AtomicFile.replace(file(name), content);
  }

  /** Replaces a file by text in UTF-8. */
  public void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Removes the folder if nothing came into it. */
  public void removeIfEmpty() {
    try (Stream<Path> files = Files.list(path)) {
      if (files.findAny().isEmpty()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      return; // an empty folder is left, which harms nobody and says nothing wrong
    }
  }
}
