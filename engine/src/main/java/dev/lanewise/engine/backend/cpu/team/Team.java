package dev.lanewise.engine.backend.cpu.team;

import dev.lanewise.engine.tensor.InsufficientMemoryException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do numbered tasks together, the caller among them. Tasks are claimed one by one, so
 * that a thread whose core is busy elsewhere holds nobody up for longer than one task. Waiting
 * threads spin briefly, which a batch's two meetings need, then park, which keeps the machine free
 * for others. A round allocates nothing.
 */
public final class Team implements AutoCloseable {
  /** A numbered piece of work. */
  public interface Task {
    /**
     * Does one task.
     *
     * @param worker who does it: 0 is the caller; below both the team's threads and the round's
     *     tasks
     * @param index which
     */
    void run(int worker, int index);
  }

  /** Tens of microseconds: longer than a meeting of threads that all have a core. */
  private static final int SPINS = 2_000;

  private final Thread[] helpers;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Thread waiting;
  private volatile @Nullable Throwable failure;
  private @Nullable Task task;
  private int tasks;

  /**
   * Starts the helpers of a team of {@code threads}, which end with {@link #close}.
   *
   * @throws InsufficientMemoryException if the system refuses a thread; none is left behind
   */
  public Team(int threads) {
    this(threads, Thread.ofPlatform().daemon().name("lanewise-cpu-", 1).factory());
  }

  Team(int threads, ThreadFactory factory) {
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] = factory.newThread(() -> help(worker));
    }
    try {
      for (Thread helper : helpers) {
        helper.start();
      }
    } catch (OutOfMemoryError e) { // which is what the JVM calls a thread that it is refused
      close();
      throw new InsufficientMemoryException(
          "a team of "
              + threads
              + " threads: the system refused one ("
              + e.getMessage()
              + "); take fewer threads, or raise the limit of processes or memory");
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Does tasks 0 to {@code count} - 1 and returns when all are done. What a task throws is thrown
   * here after the others of the round have ended.
   */
  public void run(int count, Task work) {
    if (helpers.length == 0 || count == 1) {
      for (int i = 0; i < count; i++) {
        work.run(0, i);
      }
      return;
    }
    task = work;
    tasks = count;
    next.set(0);
    busy.set(helpers.length);
    round.incrementAndGet(); // publishes the fields above
    try {
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
      claim(0, work, count);
    } finally { // even at the end of the caller's stack: the memory at work is given back next
      awaitHelpers();
    }
    rethrow();
  }

  private void help(int worker) {
    int seen = 0;
    while (true) {
      seen = awaitRound(seen);
      if (closed) {
        return;
      }
      Task work = task;
      if (work != null && worker < tasks) {
        claim(worker, work, tasks);
      }
      if (busy.decrementAndGet() == 0) {
        LockSupport.unpark(waiting);
      }
    }
  }

  private void claim(int worker, Task work, int count) {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        work.run(worker, i);
      }
    } catch (RuntimeException | Error e) {
      next.set(count); // the others need not go on
      failure = e;
    }
  }

  private int awaitRound(int seen) {
    for (int spins = 0; round.get() == seen && !closed; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        Thread.interrupted(); // nobody's to interrupt; left standing, it would keep parking away
      }
    }
    return round.get();
  }

  private void awaitHelpers() {
    boolean interrupted = false;
    waiting = Thread.currentThread();
    for (int spins = 0; busy.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted(); // or it would spin, on a core that others need
      }
    }
    waiting = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrow() {
    Throwable thrown = failure;
    failure = null;
    switch (thrown) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(thrown);
    }
  }

  /** Ends the helpers and waits for them. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true; // the memory that they use is freed next: they must have ended
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
