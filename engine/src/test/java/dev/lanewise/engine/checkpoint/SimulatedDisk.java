package dev.lanewise.engine.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A file system in memory that tells what the process sees from what is on the disk, and in which
 * one operation can be made to fail.
 */
public final class SimulatedDisk implements Storage {
  /** What happens at the chosen operation. */
  public enum Fault {
    /** It reports that there is no space, and does nothing. */
    NO_SPACE,
    /** It reports an error, and does nothing. */
    ERROR,
    /** Of a write, half is done before the error. */
    SHORT_WRITE,
    /** The power goes before it, and with it what was not forced. */
    POWER_LOST,
    /** The same, but names had reached the disk by themselves. */
    POWER_LOST_AFTER_NAMES
  }

  /** Thrown where the machine would have stopped. */
  public static final class PowerLost extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Content {
    byte[] seen = new byte[0];
    byte[] forced = new byte[0];
  }

  private TreeMap<Path, Content> seen = new TreeMap<>();
  private TreeMap<Path, Content> forced = new TreeMap<>();
  private int operations;
  private int faultAt;
  private Fault fault = Fault.ERROR;

  /** Makes the {@code n}-th operation from now on fail; 0 makes none. */
  public void failAt(int n, Fault how) {
    operations = 0;
    faultAt = n;
    fault = how;
  }

  /** Returns how many operations there were since {@link #failAt}. */
  public int operations() {
    return operations;
  }

  /** Returns the files' names. */
  public List<String> names() {
    return seen.keySet().stream().map(path -> path.getFileName().toString()).toList();
  }

  /** Changes a file behind everybody's back. */
  public void overwrite(Path file, byte[] content) {
    seen.get(file).seen = content;
    seen.get(file).forced = content;
  }

  private boolean failsNow() throws IOException {
    if (++operations != faultAt) {
      return false;
    }
    switch (fault) {
      case NO_SPACE -> throw new IOException("No space left on device");
      case ERROR -> throw new IOException("Input/output error");
      case SHORT_WRITE -> {
        return true;
      }
      case POWER_LOST -> losePower(false);
      case POWER_LOST_AFTER_NAMES -> losePower(true);
    }
    throw new PowerLost();
  }

  private void losePower(boolean namesReachedTheDisk) {
    if (namesReachedTheDisk) {
      forced = new TreeMap<>(seen);
    }
    seen = new TreeMap<>(forced);
    seen.values().forEach(content -> content.seen = content.forced);
  }

  private void orError(boolean fails) throws IOException {
    if (fails) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    orError(failsNow());
  }

  @Override
  public Output create(Path file) throws IOException {
    orError(failsNow());
    Content content = seen.computeIfAbsent(file, f -> new Content());
    content.seen = new byte[0];
    content.forced = new byte[0]; // a truncation may reach the disk at any time
    return new Output() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        boolean fails = failsNow();
        byte[] more = new byte[fails ? bytes.remaining() / 2 : bytes.remaining()];
        bytes.get(more);
        int before = content.seen.length;
        content.seen = Arrays.copyOf(content.seen, before + more.length);
        System.arraycopy(more, 0, content.seen, before, more.length);
        orError(fails);
      }

      @Override
      public void force() throws IOException {
        orError(failsNow());
        content.forced = content.seen;
      }

      @Override
      public void close() throws IOException {
        orError(failsNow());
      }
    };
  }

  @Override
  public byte[] read(Path file) throws IOException {
    orError(failsNow());
    Content content = seen.get(file);
    if (content == null) {
      throw new FileNotFoundException(file.toString());
    }
    return content.seen.clone();
  }

  @Override
  public boolean exists(Path file) {
    return seen.containsKey(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    orError(failsNow());
    Content content = seen.remove(from);
    if (content == null) {
      throw new FileNotFoundException(from.toString());
    }
    seen.put(to, content);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    orError(failsNow());
    forced = new TreeMap<>(seen);
  }

  @Override
  public void delete(Path file) throws IOException {
    orError(failsNow());
    seen.remove(file);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    orError(failsNow());
    return List.copyOf(seen.keySet());
  }
}
