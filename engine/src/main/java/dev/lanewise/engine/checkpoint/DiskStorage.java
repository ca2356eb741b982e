package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The file system of this machine. */
enum DiskStorage implements Storage {
  INSTANCE;

  private static final boolean FOLDERS_OPEN =
      !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private record ChannelOutput(FileChannel channel) implements Output {
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
      channel.close();
    }
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  @Override
  public Output create(Path file) throws IOException {
    return new ChannelOutput(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
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
    // Never mapped: a mapped file that someone shortens takes the whole JVM down.
    return Files.readAllBytes(file);
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    if (Files.isDirectory(to)) {
      throw new IOException("a folder has that name");
    }
    if (Files.exists(to) && !Files.isRegularFile(to)) {
      // Whoever may write /dev/null may also take it away.
      throw new IOException("it is a device or a pipe; name a file");
    }
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
