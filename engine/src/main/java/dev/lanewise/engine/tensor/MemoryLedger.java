package dev.lanewise.engine.tensor;

import dev.lanewise.engine.property.JvmProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process's account of off-heap bytes: how many are live, how many there may be. The JVM itself
 * caps arena memory by nothing, so an over-large model would meet the system's killer instead of an
 * exception. The most that may be held is {@code -Dlanewise.memory.budget} in bytes, else three
 * quarters of the memory that the machine or container has.
 */
public final class MemoryLedger {
  private static final AtomicLong LIVE = new AtomicLong();

  private MemoryLedger() {}

  /**
   * {@return the most bytes that may be held}
   *
   * @throws IllegalArgumentException if a property of the JVM has no meaning
   */
  public static long budgetBytes() {
    long given = JvmProperties.get().budget();
    return given > 0 ? given : Machine.SHARE;
  }

  /** {@return the bytes now held by open arenas} */
  public static long liveBytes() {
    return LIVE.get();
  }

  /**
   * Throws unless {@code bytes} more would fit, so that a plan can be refused whole before its
   * first allocation.
   *
   * @param owner names what the memory is for
   * @param bytes how many
   * @throws InsufficientMemoryException if the budget would be exceeded
   */
  public static void requireRoom(String owner, long bytes) {
    long live = LIVE.get();
    long budget = budgetBytes();
    if (bytes > budget - live) {
      throw new InsufficientMemoryException(
          String.format(
              Locale.ROOT,
              "%s needs %,d bytes off-heap, but of a budget of %,d bytes %,d are in use; make the"
                  + " model or the batch smaller, or raise -Dlanewise.memory.budget",
              owner,
              bytes,
              budget,
              live));
    }
  }

  /**
   * Counts bytes about to be taken; one caller at a time, so that two cannot share the last room.
   */
  static synchronized void add(String owner, long bytes) {
    requireRoom(owner, bytes);
    LIVE.addAndGet(bytes);
  }

  static void remove(long bytes) {
    LIVE.addAndGet(-bytes);
  }

  /** Looked up only where no budget is given. */
  private static final class Machine {
    private static final long SHARE = memoryBytes() / 4 * 3;
  }

  /**
   * Reads the container's limit and the machine's memory from the system's files, which costs
   * nothing; the management bean that also knows is asked only where there are none, since loading
   * it costs far more.
   */
  private static long memoryBytes() {
    long machine = firstNumber(Path.of("/proc/meminfo"), "MemTotal:") * 1024;
    if (machine <= 0) {
      return ((com.sun.management.OperatingSystemMXBean)
              java.lang.management.ManagementFactory.getOperatingSystemMXBean())
          .getTotalMemorySize();
    }
    long container = firstNumber(Path.of("/sys/fs/cgroup/memory.max"), "");
    return container > 0 ? Math.min(machine, container) : machine;
  }

  private static long firstNumber(Path file, String prefix) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(prefix)) {
          String digits = line.substring(prefix.length()).replaceAll("[^0-9]", "");
          return digits.isEmpty() ? -1 : Long.parseLong(digits);
        }
      }
      return -1;
    } catch (IOException | NumberFormatException e) {
      return -1; // absent on this platform: the caller has another way
    }
  }
}
