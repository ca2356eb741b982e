package dev.lanewise.engine.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;

/**
 * The one seam for files that have to survive a crash: each method is one operation that can fail,
 * so that tests can fail every one of them in turn.
 */
public interface Storage {
  /** A file that is being written. */
  interface Output extends Closeable {
    /**
     * Writes all of {@code bytes}.
     *
     * @param bytes what to write, from its position to its limit
     * @throws IOException if it cannot be done
     */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Returns when what was written is on the disk and not in a buffer before it.
     *
     * @throws IOException if it cannot be done
     */
    void force() throws IOException;
  }

  /** {@return the file system of this machine} */
  static Storage disk() {
    return DiskStorage.INSTANCE;
  }

  /**
   * Makes a folder and those above it, unless they are there; returns when all are on the disk.
   *
   * @param folder the folder's path
   * @throws IOException if it cannot be done
   */
  default void createFolder(Path folder) throws IOException {
    Path above = folder.toAbsolutePath().getParent();
    if (above == null || isFolder(folder)) {
      return;
    }
    createFolder(above);
    try {
      makeFolder(folder);
    } catch (FileAlreadyExistsException e) {
      if (!isFolder(folder)) { // and not made by another process in between
        throw e;
      }
    }
    forceFolder(above);
  }

  /**
   * {@return whether there is a folder of that name}
   *
   * @param folder the folder's path
   */
  boolean isFolder(Path folder);

  /**
   * Makes one folder.
   *
   * @param folder its path; the folder above must be there
   * @throws FileAlreadyExistsException if the name is taken
   */
  void makeFolder(Path folder) throws IOException;

  /**
   * Begins a new file, which {@link #deleteAbandoned} leaves alone until it is closed.
   *
   * @param file the file's path
   * @return the file, which the caller closes
   * @throws FileAlreadyExistsException if the name is taken, be it by a link
   */
  Output create(Path file) throws IOException;

  /**
   * {@return the file that somebody means by a name: where it is a link, what that points to}
   *
   * @param target the name as given
   * @throws IOException if a file could not take that place
   */
  Path behindLink(Path target) throws IOException;

  /**
   * Reads a whole file, as long as it is when the reading begins.
   *
   * @param file the file's path
   * @return its bytes
   * @throws IOException if it cannot be read, is no file, or has more bytes than an array can hold
   */
  byte[] read(Path file) throws IOException;

  /**
   * {@return whether there is such a file}
   *
   * @param file the file's path
   */
  boolean exists(Path file);

  /**
   * Gives a file another name in one step, in place of a file that has it.
   *
   * @param from the file
   * @param to its new name, in the same folder
   * @throws IOException if it cannot be done
   */
  void rename(Path from, Path to) throws IOException;

  /**
   * Returns when the names in a folder are on the disk.
   *
   * @param folder the folder's path
   * @throws IOException if it cannot be done
   */
  void forceFolder(Path folder) throws IOException;

  /**
   * Removes a file if it is there.
   *
   * @param file the file's path
   * @throws IOException if it cannot be done
   */
  void delete(Path file) throws IOException;

  /**
   * Removes a file that {@link #create} began, if its writer is gone.
   *
   * @param file the file's path
   * @return whether it was removed
   * @throws IOException if it cannot be done
   */
  boolean deleteAbandoned(Path file) throws IOException;

  /**
   * {@return the files in a folder, by name}
   *
   * @param folder the folder's path
   * @throws IOException if it cannot be done
   */
  List<Path> list(Path folder) throws IOException;
}
