package dev.lanewise.cli.run;

import dev.lanewise.engine.checkpoint.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Keeps a second process out of a run's folder: two that save checkpoints into one folder take each
 * other's unfinished files away. The system gives the lock back however the process ends.
 */
public final class RunLock implements AutoCloseable {
  private static final String NAME = "run.lock";

  /** Where a lock keeps nobody from reading the number, on systems whose locks do. */
  private static final long BEYOND_NUMBER = 1 << 20;

  private static final int NUMBER_BYTES = 20;

  private final RunFolder folder;
  private final FileChannel channel;

  private RunLock(RunFolder folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes a folder for this process.
   *
   * @throws UncheckedIOException if another one has it, or nothing can be written there
   */
  public static RunLock of(RunFolder folder) {
    Path file = folder.file(NAME);
    try {
      while (true) {
        requireLock(file);
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        Optional<Object> opened = identity(file);
        if (!locked(channel)) {
          String other = holder(channel);
          channel.close();
          throw new IOException("another process" + other + " is at work there; wait or end it");
        }
        // Never by opening it again: closing any channel of a file gives up the process's locks.
        if (opened.isPresent() && opened.equals(identity(file))) {
          requireNumber(channel);
          return new RunLock(folder, channel).numbered();
        }
        channel.close(); // whoever had it has just removed the file that was opened
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder.path() + ": " + Reason.of(e), e);
    }
  }

  /**
   * The number is written over what the file holds, and whoever made the folder may have laid it.
   */
  private static void requireLock(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(NAME + " is a link or a device, and no lock; remove it");
    }
  }

  private static void requireNumber(FileChannel channel) throws IOException {
    if (channel.size() > NUMBER_BYTES || !holder(channel).matches("( \\([0-9]+\\))?")) {
      channel.close();
      throw new IOException(NAME + " holds more than a process's number, and is no lock; move it");
    }
  }

  private RunLock numbered() throws IOException {
    try {
      channel.truncate(0);
      channel.write(utf8(Long.toString(ProcessHandle.current().pid())), 0);
      return this;
    } catch (IOException e) {
      close(); // on a full disk
      throw e;
    }
  }

  /** Returns what tells a file from another that has taken its name, or nothing if it is gone. */
  private static Optional<Object> identity(Path file) throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return Optional.of(key == null ? file : key); // Windows has none, and removes no open file
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file system without locks is no reason not to train. */
  private static boolean locked(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock(BEYOND_NUMBER, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(NUMBER_BYTES);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    return pid.isEmpty() ? "" : " (" + pid + ")";
  }

  /** Gives the folder back, and removes it if nothing came into it. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(folder.file(NAME));
      channel.close();
    } catch (IOException e) {
      return; // the lock is gone with the process, and the file alone keeps nobody out
    }
    folder.removeIfEmpty();
  }
}
