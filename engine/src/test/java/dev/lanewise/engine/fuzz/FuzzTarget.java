package dev.lanewise.engine.fuzz;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.tensor.MemoryLedger;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A parser and what it promises of any bytes whatever: it returns, or throws one of the exceptions
 * that it documents, with a message; within two seconds of a core; it allocates no more than it may
 * for so many bytes, and leaves nothing off the heap. A fuzzer calls {@link #run} with bytes that
 * it makes up, a test with those of a corpus.
 *
 * <p>With {@code -Dlanewise.fuzz.planted=true} a target also fails on what it reads whole if that
 * has a property that no seed has: a fault planted behind all checks of the format, which a fuzzer
 * that is worth its time finds.
 *
 * @param name of the corpus
 * @param parser what is tried
 * @param documented the exceptions that it may throw
 * @param fixedBytes what it may allocate for any input
 * @param bytesEach what it may allocate for each byte of it, too
 * @param planted the property
 * @param edits what inputs may say in place of a file
 */
public record FuzzTarget<T>(
    String name,
    Parser<T> parser,
    List<Class<? extends Exception>> documented,
    long fixedBytes,
    long bytesEach,
    Predicate<T> planted,
    Edits edits) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final boolean PLANTED = Boolean.getBoolean("lanewise.fuzz.planted");

  /** Of the thread, not of the clock: other processes may have the core, too. */
  private static final long MOST_NANOSECONDS = 2_000_000_000;

  /** Longer than any list that a message may hold. */
  private static final int MOST_MESSAGE = 8192;

  /** Makes the list unmodifiable. */
  public FuzzTarget {
    documented = List.copyOf(documented);
  }

  /** Makes a target whose files are tried as they are. */
  public FuzzTarget(
      String name,
      Parser<T> parser,
      List<Class<? extends Exception>> documented,
      long fixedBytes,
      long bytesEach,
      Predicate<T> planted) {
    this(name, parser, documented, fixedBytes, bytesEach, planted, Edits.NONE);
  }

  /** What reads bytes. */
  @FunctionalInterface
  public interface Parser<T> {
    /** Returns what the bytes hold, or null if there is nothing to be said of it. */
    @Nullable T read(byte[] file) throws Exception;
  }

  /**
   * Tries the parser.
   *
   * @param input a file, or changes to a seed
   * @return whether it took the bytes
   * @throws AssertionError if a promise is broken
   */
  public boolean run(byte[] input) {
    byte[] file = edits.made(name, input);
    long live = MemoryLedger.liveBytes();
    long most = fixedBytes + bytesEach * file.length;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean taken = tried(file);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > most) { // perhaps by the JVM, which loaded classes: not so a second time
      before = THREADS.getCurrentThreadAllocatedBytes();
      tried(file);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    if (allocated > most) {
      throw new AssertionError(
          name + ": " + allocated + " bytes allocated for " + file.length + ", at most " + most);
    }
    if (MemoryLedger.liveBytes() != live) {
      throw new AssertionError(
          name + ": " + (MemoryLedger.liveBytes() - live) + " bytes are left off the heap");
    }
    return taken;
  }

  private boolean tried(byte[] file) {
    long start = THREADS.getCurrentThreadCpuTime();
    T value = null;
    Exception refusal = null;
    try {
      value = parser.read(file);
    } catch (Exception e) {
      refusal = e;
    }
    long took = THREADS.getCurrentThreadCpuTime() - start;
    if (took > MOST_NANOSECONDS) {
      throw new AssertionError(name + ": " + took + " ns, at most " + MOST_NANOSECONDS);
    }
    if (refusal != null) {
      requireDocumented(refusal);
      return false;
    }
    if (PLANTED && value != null && planted.test(value)) {
      throw new AssertionError(name + ": the planted fault is reached");
    }
    return true;
  }

  /** Returns whether a value that was read has the property that no seed has. */
  boolean isPlanted(byte[] input) {
    try {
      T value = parser.read(edits.made(name, input));
      return value != null && planted.test(value);
    } catch (Exception e) {
      requireDocumented(e);
      return false;
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private void requireDocumented(Exception e) {
    if (documented.stream().noneMatch(type -> type.isInstance(e))) {
      throw new AssertionError(name + ": not documented: " + e, e);
    }
    String message = e.getMessage();
    if (message == null || message.isBlank() || message.length() > MOST_MESSAGE) {
      throw new AssertionError(name + ": no message for people: " + message, e);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) { // what was caught was asked for all the same
        throw new AssertionError(name + ": memory was asked for that is not there", e);
      }
    }
  }
}
