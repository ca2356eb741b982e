package dev.lanewise.cli.run;

import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.checkpoint.UnfinishedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

  /** What the run was started with, as long as it has not ended: options as a {@code --config}. */
  public static final String SETTINGS = "settings.properties";

  /** All of it to read. */
  public static final String REPORT = "report.html";

  /**
   * Makes a folder of the next number, also when several runs begin at once.
   *
   * @throws UncheckedIOException if that is not possible
   */
  public static RunFolder next(Path base) {
    try {
      Storage.disk().createFolder(base);
      int number = last(base) + 1;
      while (true) {
        Path folder = base.resolve(Integer.toString(number++));
        if (Files.notExists(folder) && created(base, folder)) {
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
   * @param bytes what is going to be written there
   * @throws UncheckedIOException if it is so
   */
  public static void requirePossible(Path base, long bytes) {
    Path nearest = base.toAbsolutePath();
    while (nearest != null && Files.notExists(nearest, LinkOption.NOFOLLOW_LINKS)) {
      nearest = nearest.getParent();
    }
    try {
      if (nearest == null || !Files.isDirectory(nearest)) {
        throw new IOException(nearest + " is no folder");
      }
      AtomicFile.requireRoom(Storage.disk(), nearest, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(
          base
              + ": no folder can be made there ("
              + Reason.of(e)
              + (bytes > 0 ? ", tried " + bytes + " bytes" : "")
              + "); name another with --out, or write none: --no-out",
          e);
    }
  }

  /**
   * Refuses a folder without room for what is going to be written.
   *
   * @throws UncheckedIOException if it has none
   */
  public void requireRoom(long bytes) {
    try {
      AtomicFile.requireRoom(Storage.disk(), path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(
          path + ": has no room for " + bytes + " bytes of results: " + Reason.of(e), e);
    }
  }

  /** Returns whether this process made the folder, and not another run at the same moment. */
  private static boolean created(Path base, Path folder) throws IOException {
    try {
      Storage.disk().makeFolder(folder);
      Storage.disk().forceFolder(base);
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
   * Takes this very folder, made if need be; files of an earlier run in it are replaced one by one,
   * and what a killed one had not finished is removed.
   *
   * @throws UncheckedIOException if that is not possible
   */
  public static RunFolder at(Path folder) {
    try {
      Storage.disk().createFolder(folder);
      UnfinishedFile.sweep(Storage.disk(), folder);
      return new RunFolder(folder);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static UncheckedIOException unusable(Path folder, IOException e) {
    return new UncheckedIOException(folder + ": cannot be the run's folder: " + Reason.of(e), e);
  }

  /** Returns the path of a file in the folder. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Replaces a file. A link of its name gives way: whoever made the folder may have laid it to a
   * file that is none of the run's. A folder that somebody has removed since is made again.
   *
   * @throws UncheckedIOException if it cannot be written; the old one is still there
   */
  public void write(String name, byte[] content) {
    try {
      Storage.disk().createFolder(path);
      AtomicFile.write(Storage.disk(), file(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(file(name) + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** Replaces a file by text in UTF-8. */
  public void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns whether a run in the folder can be taken up from where it was saved. */
  public boolean hasCheckpoint() {
    return Files.exists(file(CheckpointFolder.NEWEST))
        || Files.exists(file(CheckpointFolder.PREVIOUS));
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
