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
    /** Writes all of {@code bytes}. */
    void write(ByteBuffer bytes) throws IOException;

    /** Returns when what was written is on the disk and not in a buffer before it. */
    void force() throws IOException;
  }

  /** Returns the file system of this machine. */
  static Storage disk() {
    return DiskStorage.INSTANCE;
  }

  /** Makes a folder and those above it, unless they are there; returns when all are on the disk. */
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

  /** Returns whether there is a folder of that name. */
  boolean isFolder(Path folder);

  /**
   * Makes one folder.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  void makeFolder(Path folder) throws IOException;

  /**
   * Begins a new file, which {@link #deleteAbandoned} leaves alone until it is closed.
   *
   * @throws FileAlreadyExistsException if the name is taken, be it by a link
   */
  Output create(Path file) throws IOException;

  /**
   * Returns the file that somebody means by a name: where it is a link, what that points to.
   *
   * @throws IOException if a file could not take that place
   */
  Path behindLink(Path target) throws IOException;

  /**
   * Reads a whole file, as long as it is when the reading begins.
   *
   * @throws IOException if it cannot be read, is no file, or has more bytes than an array can hold
   */
  byte[] read(Path file) throws IOException;

  /** Returns whether there is such a file. */
  boolean exists(Path file);

  /** Gives a file another name in one step, in place of a file that has it. */
  void rename(Path from, Path to) throws IOException;

  /** Returns when the names in a folder are on the disk. */
  void forceFolder(Path folder) throws IOException;

  /** Removes a file if it is there. */
  void delete(Path file) throws IOException;

  /**
   * Removes a file that {@link #create} began, if its writer is gone.
   *
   * @return whether it was removed
   */
  boolean deleteAbandoned(Path file) throws IOException;

  /** Returns the files in a folder, by name. */
  List<Path> list(Path folder) throws IOException;
}
