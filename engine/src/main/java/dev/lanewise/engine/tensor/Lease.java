package dev.lanewise.engine.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the computations that use something closeable, so that neither surprises the other. */
public final class Lease {
  private static final int CLOSED = -1;

  private final String name;
  private final AtomicInteger users = new AtomicInteger();

  /**
   * Creates a lease of something open.
   *
   * @param name what it is, for messages: "arena weights"
   */
  public Lease(String name) {
    this.name = name;
  }

  /** Returns whether it has not been closed. */
  public boolean isOpen() {
    return users.get() != CLOSED;
  }

  /**
   * Begins a computation; each call is paired with {@link #release}.
   *
   * @throws IllegalStateException if it is closed
   */
  public void acquire() {
    int seen;
    do {
      seen = users.get();
      if (seen == CLOSED) {
        throw new IllegalStateException(name + " is closed; its memory is gone");
      }
    } while (!users.compareAndSet(seen, seen + 1));
  }

  /** Ends what {@link #acquire} began. */
  public void release() {
    users.decrementAndGet();
  }

  /**
   * Closes it for good.
   *
   * @throws IllegalStateException if it is closed already or a computation is running
   */
  public void close() {
    if (!users.compareAndSet(0, CLOSED)) {
      throw new IllegalStateException(
          users.get() == CLOSED
              ? name + " is closed already"
              : name + " is in use by a running computation; close it afterwards");
    }
  }
}
