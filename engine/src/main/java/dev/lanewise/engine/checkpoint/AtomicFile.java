package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Writes a file so that, whatever happens, either the old content is there or the new one, whole:
 * to a file beside it, forced to the disk, then renamed. Only one writer at a time may have a
 * target.
 */
public final class AtomicFile {
  /** What the name of an unfinished file ends with. */
  static final String UNFINISHED = ".tmp";

  private AtomicFile() {}

  /**
   * Replaces a file.
   *
   * @param target its path; its folder must be there
   * @throws IOException if the old content is still in place, or, when only the last step failed,
   *     may come back after a loss of power
   */
  public static void write(Storage storage, Path target, byte[] content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Path unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
    writeUnder(storage, unfinished, content);
    try {
      storage.rename(unfinished, target);
    } catch (IOException e) {
      remove(storage, unfinished, e);
      throw e;
    }
    if (folder != null) {
      storage.forceFolder(folder);
    }
  }

  /**
   * Replaces a file of this machine.
   *
   * @throws UncheckedIOException naming the file, if it cannot be written; what was there still is
   */
  public static void replace(Path target, byte[] content) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && Files.notExists(folder)) {
      throw unwritable(target, new NoSuchFileException("there is no folder " + folder));
    }
    try {
      write(Storage.disk(), replaceable(target), content);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /**
   * Returns the file behind a link, which stays one, and refuses what a rename would destroy:
   * whoever may write {@code /dev/null} would put a file in its place.
   */
  private static Path replaceable(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException("a folder has that name");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException("it is a device or a pipe; name a file");
    }
    return Files.isSymbolicLink(target) ? target.toRealPath() : target;
  }

  private static UncheckedIOException unwritable(Path target, IOException e) {
    return new UncheckedIOException(target + ": cannot be written: " + e.getMessage(), e);
  }

  /** Writes a file, forced to the disk, or leaves none. */
  static void writeUnder(Storage storage, Path file, byte[] content) throws IOException {
    try (Storage.Output output = storage.create(file)) {
      output.write(ByteBuffer.wrap(content));
      output.force();
    } catch (IOException e) {
      remove(storage, file, e);
      throw e;
    }
  }

  private static void remove(Storage storage, Path unfinished, IOException reason) {
    try {
      storage.delete(unfinished);
    } catch (IOException left) {
      reason.addSuppressed(left); // the next write takes its place
    }
  }
}
