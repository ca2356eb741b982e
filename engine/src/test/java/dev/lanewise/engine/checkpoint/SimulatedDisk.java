package dev.lanewise.engine.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

  private static final Path HERE = Path.of("").toAbsolutePath();

  private Set<Path> folders = new TreeSet<>();
  private Set<Path> forcedFolders = new TreeSet<>();
  private final Set<Path> open = new HashSet<>();
  private boolean dead;
  private TreeMap<Path, Content> seen = new TreeMap<>();
  private TreeMap<Path, Content> forced = new TreeMap<>();
  private int operations;
  private int faultAt;
  private Fault fault = Fault.ERROR;
  private int nextAt;
  private Fault next = Fault.ERROR;

  /** Makes the {@code n}-th operation from now on fail; 0 makes none. */
  public void failAt(int n, Fault how) {
    operations = 0;
    dead = false;
    faultAt = n;
    fault = how;
    nextAt = 0;
  }

  /** Makes another operation fail too, counted from {@link #failAt} and behind the first. */
  public void andAt(int n, Fault how) {
    nextAt = n;
    next = how;
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
    if (dead) {
      throw new PowerLost();
    }
    if (++operations != faultAt) {
      return false;
    }
    Fault now = fault;
    faultAt = nextAt;
    fault = next;
    switch (now) {
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
    dead = true;
    open.clear();
    if (namesReachedTheDisk) {
      forced = new TreeMap<>(seen);
      forcedFolders = new TreeSet<>(folders);
    }
    forcedFolders.removeIf(folder -> !isReachable(folder));
    forced.keySet().removeIf(file -> !isReachable(file.getParent()));
    folders = new TreeSet<>(forcedFolders);
    seen = new TreeMap<>(forced);
    seen.values().forEach(content -> content.seen = content.forced);
  }

  /** What lies in a folder whose own name was lost is lost with it. */
  private boolean isReachable(Path folder) {
    return isThere(folder) || (forcedFolders.contains(folder) && isReachable(folder.getParent()));
  }

  private void orError(boolean fails) throws IOException {
    if (fails) {
      throw new IOException("Input/output error");
    }
  }

  /** Tests begin in a folder that is there. */
  private static boolean isThere(Path folder) {
    return HERE.startsWith(folder);
  }

  @Override
  public boolean isFolder(Path folder) {
    return isThere(folder) || folders.contains(folder);
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    orError(failsNow());
    folders.add(folder);
  }

  @Override
  public Path behindLink(Path target) {
    return target;
  }

  @Override
  public boolean deleteAbandoned(Path file) throws IOException {
    orError(failsNow());
    return !open.contains(file) && seen.remove(file) != null;
  }

  @Override
  public Output create(Path file) throws IOException {
    orError(failsNow());
    if (seen.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Content content = new Content();
    seen.put(file, content);
    open.add(file);
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
        open.remove(file);
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
    forced.keySet().removeIf(file -> file.getParent().equals(folder));
    seen.forEach(
        (file, content) -> {
          if (file.getParent().equals(folder)) {
            forced.put(file, content);
          }
        });
    folders.stream().filter(made -> made.getParent().equals(folder)).forEach(forcedFolders::add);
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
