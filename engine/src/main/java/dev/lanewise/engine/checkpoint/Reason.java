package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Why a file operation failed, in words: the message of the JDK's exceptions is often the file's
 * name and nothing else, and may be null.
 */
public final class Reason {
  private Reason() {}

  /**
   * {@return the reason alone, without the file's name where the JDK gives only that}
   *
   * @param e what was thrown
   */
  public static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "no such file or folder";
      case FileAlreadyExistsException taken -> "a file has that name";
      case NotDirectoryException file -> "it is no folder";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      case ClosedChannelException closed -> "the thread was interrupted";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
