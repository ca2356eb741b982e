package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Writes a file so that, whatever happens, either the old content is there or the new one, whole:
 * to a file beside it, forced to the disk, then renamed. Any number of writers may have one target;
 * the last wins.
 */
public final class AtomicFile {
  /** Most file systems have none for less. */
  private static final int LEAST_ROOM = 1 << 12;

  private AtomicFile() {}

  /**
   * Replaces a file; where the target is a link, the link.
   *
   * @param storage where the file is
   * @param target its path; its folder must be there
   * @param content the file's bytes
   * @throws IOException if the old content is still in place, or, when only the last step failed,
   *     may come back after a loss of power
   */
  public static void write(Storage storage, Path target, byte[] content) throws IOException {
    Uninterrupted.run(() -> writeOnce(storage, target, content));
  }

  private static void writeOnce(Storage storage, Path target, byte[] content) throws IOException {
    try (UnfinishedFile unfinished = UnfinishedFile.beside(storage, target)) {
      unfinished.write(content);
      unfinished.force();
      unfinished.takePlaceOf(target);
    }
  }

  /**
   * Replaces a file of this machine that somebody named; where the name is a link, what it points
   * to.
   *
   * @param target the file to replace; its folder must be there
   * @param content the file's bytes
   * @throws UncheckedIOException naming the file, if it cannot be written; what was there still is
   */
  public static void replace(Path target, byte[] content) {
    replace(Storage.disk(), target, content);
  }

  /**
   * The same on any storage.
   *
   * @param storage where the file is
   * @param target the file to replace; its folder must be there
   * @param content the file's bytes
   */
  public static void replace(Storage storage, Path target, byte[] content) {
    try {
      Uninterrupted.run(() -> writeOnce(storage, sweptPlace(storage, target), content));
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /**
   * {@return where a file that somebody named is to be put, after removing what killed processes
   * have left beside it}
   *
   * @param storage where the file is
   * @param target the file to replace; its folder must be there
   * @throws IOException if no file could be put there
   */
  public static Path sweptPlace(Storage storage, Path target) throws IOException {
    Path place = place(storage, target);
    UnfinishedFile.sweep(storage, folder(place));
    return place;
  }

  /**
   * Refuses a target that {@link #replace} could not write, so that it is known before the work
   * whose result it is for.
   *
   * @param target the file that is to be replaced
   * @throws UncheckedIOException as {@link #replace} would
   */
  public static void requireReplaceable(Path target) {
    requireReplaceable(Storage.disk(), target);
  }

  /**
   * The same on any storage.
   *
   * @param storage where the file is
   * @param target the file that is to be replaced
   */
  public static void requireReplaceable(Storage storage, Path target) {
    try {
      requireRoom(storage, folder(place(storage, target)), LEAST_ROOM);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /**
   * Refuses a folder without room for a number of bytes beside what is there: as many are written,
   * and removed again.
   *
   * @param storage where the file is
   * @param folder the folder, which must be there
   * @param bytes how many there must be room for
   * @throws IOException if they cannot be written
   */
  public static void requireRoom(Storage storage, Path folder, long bytes) throws IOException {
    Uninterrupted.run(
        () -> {
          try (UnfinishedFile trial = UnfinishedFile.beside(storage, folder.resolve("trial"))) {
            byte[] block = new byte[(int) Math.min(bytes, 1 << 20)];
            for (long left = bytes; left > 0; left -= block.length) {
              trial.write(block); // the last one to the full: what is asked for is an estimate
            }
          }
        });
  }

  private static Path place(Storage storage, Path target) throws IOException {
    Path place = storage.behindLink(target);
    Path folder = folder(place);
    if (!storage.isFolder(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    return place;
  }

  private static Path folder(Path place) throws IOException {
    Path folder = place.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("it is the root of the file system");
    }
    return folder;
  }

  private static UncheckedIOException unwritable(Path target, IOException e) {
    return new UncheckedIOException(target + ": cannot be written: " + Reason.of(e), e);
  }
}
