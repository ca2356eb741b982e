package dev.lanewise.engine.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the computations that use something closeable, so that neither surprises the other. */
public final class Lease {
  private static final int CLOSED = -1;

  private final String name;
  private final String user;
  private final AtomicInteger users = new AtomicInteger();

  /**
   * Creates a lease of something open.
   *
   * @param name what it is, for messages: "arena weights"
   */
  public Lease(String name) {
    this(name, "a running computation; close it afterwards");
  }

  /**
   * Creates a lease of something open that is used otherwise than by computing.
   *
   * @param name what it is, for messages
   * @param user who uses it, and what to do about it, for messages of {@link #close}
   */
  Lease(String name, String user) {
    this.name = name;
    this.user = user;
  }

  /**
   * Throws unless it is open.
   *
   * @throws IllegalStateException if it is closed
   */
  public void requireOpen() {
    if (users.get() == CLOSED) {
      throw closed();
    }
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
        throw closed();
      }
    } while (!users.compareAndSet(seen, seen + 1));
  }

  /**
   * Begins a computation that no other may meet: its working memory is one thread's. Each call is
   * paired with {@link #release}.
   *
   * @throws IllegalStateException if it is closed or another computation is running
   */
  public void acquireAlone() {
    int seen = users.compareAndExchange(0, 1);
    if (seen == CLOSED) {
      throw closed();
    }
    if (seen != 0) {
      throw new IllegalStateException(
          name
              + " is in use by a running computation, and takes one at a time; wait for it, or let"
              + " a predictor answer any number of threads");
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException(name + " is closed; its memory is gone");
  }

  /** Ends what {@link #acquire} or {@link #acquireAlone} began. */
  public void release() {
    users.decrementAndGet();
  }

  /**
   * Closes it for good.
   *
   * @return whether this call closed it: false if it was closed already
   * @throws IllegalStateException if a computation is running
   */
  public boolean close() {
    int seen = users.compareAndExchange(0, CLOSED);
    if (seen > 0) {
      throw new IllegalStateException(name + " is in use by " + user);
    }
    return seen == 0;
  }
}
