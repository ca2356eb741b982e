package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The file system of this machine. */
enum DiskStorage implements Storage {
  INSTANCE;

  /**
   * Which byte is locked: one that no file has, on systems whose locks keep others from reading.
   */
  private static final long HOLD = Long.MAX_VALUE - 1;

  private static final boolean FOLDERS_OPEN =
      !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  /**
   * The names of this process's files that are being written. To ask the system whether they are
   * locked would give up their locks, which end with any channel of the file that is closed.
   */
  private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();

  private record ChannelOutput(FileChannel channel, String name) implements Output {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      OPEN.remove(name);
      channel.close();
    }
  }

  @Override
  public boolean isFolder(Path folder) {
    return Files.isDirectory(folder);
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    Files.createDirectory(folder);
  }

  @Override
  public Output create(Path file) throws IOException {
    String name = file.getFileName().toString();
    OPEN.add(name); // before the file is there to be found
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (held(channel) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return new ChannelOutput(channel, name);
      }
      channel.close(); // another process took it for abandoned before it was held
      throw new FileAlreadyExistsException(file.toString());
    } catch (IOException e) {
      OPEN.remove(name);
      throw e;
    }
  }

  /**
   * Returns whether the lock is ours; a file system may have no locks, and is written all the same.
   */
  private static boolean held(FileChannel channel) {
    try {
      return channel.tryLock(HOLD, 1, false) != null;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public boolean deleteAbandoned(Path file) {
    if (OPEN.contains(file.getFileName().toString())
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock(HOLD, 1, false)) {
      return lock != null && Files.deleteIfExists(file);
    } catch (IOException | OverlappingFileLockException e) {
      return false; // another user's, or finished just now: whatever is not surely abandoned stays
    }
  }

  @Override
  public Path behindLink(Path target) throws IOException {
    requirePlaceForFile(target);
    if (!Files.isSymbolicLink(target)) {
      return target;
    }
    if (!Files.exists(target)) {
      throw new IOException("it is a link to what is not there");
    }
    return target.toRealPath();
  }

  /**
   * A rename would put a file in place of a device: whoever may write /dev/null may take it away.
   */
  private static void requirePlaceForFile(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException("a folder has that name");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException("it is a device or a pipe; name a file");
    }
  }

  @Override
  public byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (!Files.isRegularFile(file)) {
      // A device may have no end, and a pipe nobody who writes to it.
      throw new IOException(
          "expected a file, found a " + (Files.isDirectory(file) ? "folder" : "device or pipe"));
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw new IOException("has " + size + " bytes, at most 2 GiB are read");
    }
    // Never mapped: a mapped file that someone shortens takes the whole JVM down. Never to an end
    // that may not come: a file may grow, and one of the system's may be a pipe in disguise.
    byte[] content = new byte[(int) size];
    try (InputStream in = Files.newInputStream(file)) {
      int count = in.readNBytes(content, 0, content.length);
      return count == content.length ? content : Arrays.copyOf(content, count);
    }
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    requirePlaceForFile(to);
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system cannot rename in one step", e);
    }
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    if (FOLDERS_OPEN) { // Windows opens no folders, and writes their names through
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
