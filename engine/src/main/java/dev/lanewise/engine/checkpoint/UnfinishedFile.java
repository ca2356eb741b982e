package dev.lanewise.engine.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to its place: it is written beside it, under a name that no other writer has,
 * and takes the place in one step when it is whole. Several writers of one place so never meet, and
 * nobody can lay a file or a link in the way.
 *
 * <p>What a killed process left is known by its name and by nobody holding it, and {@link #sweep}
 * removes it.
 */
public final class UnfinishedFile implements Closeable {
  private static final String PREFIX = ".lanewise-";
  private static final String SUFFIX = ".tmp";
  private static final int DIGITS = 16;

  private final Storage storage;
  private final Path file;
  private final Storage.Output output;
  private boolean finished;

  private UnfinishedFile(Storage storage, Path file, Storage.Output output) {
    this.storage = storage;
    this.file = file;
    this.output = output;
  }

  /**
   * Begins a file.
   *
   * @param storage where it is
   * @param target the place it is for; its folder must be there
   * @return the file, which the caller closes
   * @throws IOException if it cannot be done
   */
  public static UnfinishedFile beside(Storage storage, Path target) throws IOException {
    UnfinishedFile begun = null;
    while (begun == null) {
      begun = begun(storage, target.resolveSibling(name(ThreadLocalRandom.current().nextLong())));
    }
    return begun;
  }

  private static @Nullable UnfinishedFile begun(Storage storage, Path file) throws IOException {
    try {
      return new UnfinishedFile(storage, file, storage.create(file));
    } catch (FileAlreadyExistsException e) {
      return null; // another name will be free
    }
  }

  private static String name(long number) {
    String digits = Long.toHexString(number);
    return PREFIX + "0".repeat(DIGITS - digits.length()) + digits + SUFFIX;
  }

  /**
   * Adds to the file.
   *
   * @param content the bytes to add
   * @throws IOException if it cannot be done
   */
  public void write(byte[] content) throws IOException {
    output.write(ByteBuffer.wrap(content));
  }

  /**
   * Returns when all that was written is on the disk.
   *
   * @throws IOException if it cannot be done
   */
  public void force() throws IOException {
    output.force();
  }

  /**
   * Puts the file in its place, instead of what is there; after {@link #force}.
   *
   * @param target the file to replace
   * @throws IOException if the old content is still in place, or, when only the last step failed,
   *     may come back after a loss of power
   */
  public void takePlaceOf(Path target) throws IOException {
    storage.rename(file, target);
    finished = true;
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null) {
      storage.forceFolder(folder);
    }
  }

  /** Lets the file go, and removes it if it has not taken its place. */
  @Override
  public void close() throws IOException {
    try (output) {
      if (!finished) {
        storage.delete(file);
      }
    }
  }

  /**
   * Removes what processes that are gone have left in a folder.
   *
   * @param storage where it is
   * @param folder where they may be
   * @return what was removed
   * @throws IOException if it cannot be done
   */
  public static List<Path> sweep(Storage storage, Path folder) throws IOException {
    List<Path> removed = new ArrayList<>();
    for (Path file : listed(storage, folder)) {
      if (isUnfinished(file.getFileName().toString()) && storage.deleteAbandoned(file)) {
        removed.add(file);
      }
    }
    return removed;
  }

  private static List<Path> listed(Storage storage, Path folder) throws IOException {
    try {
      return storage.list(folder);
    } catch (AccessDeniedException | NoSuchFileException e) {
      return List.of(); // a folder may be written in and not be read, or not be there yet
    }
  }

  private static boolean isUnfinished(String name) {
    return name.length() == PREFIX.length() + DIGITS + SUFFIX.length()
        && name.startsWith(PREFIX)
        && name.endsWith(SUFFIX);
  }
}
