package dev.lanewise.engine.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the computations that use something closeable, so that neither surprises the other. */
final class Lease {
  private static final int CLOSED = -1;

  private final String name;
  private final AtomicInteger users = new AtomicInteger();

  Lease(String name) {
    this.name = name;
  }

  boolean isOpen() {
    return users.get() != CLOSED;
  }

  void acquire() {
    int seen;
    do {
      seen = users.get();
      if (seen == CLOSED) {
        throw new IllegalStateException("arena " + name + " is closed; its tensors are gone");
      }
    } while (!users.compareAndSet(seen, seen + 1));
  }

  void release() {
    users.decrementAndGet();
  }

  void close() {
    if (!users.compareAndSet(0, CLOSED)) {
      throw new IllegalStateException(
          users.get() == CLOSED
              ? "arena " + name + " is closed already"
              : "arena " + name + " is in use by a running computation; close it afterwards");
    }
  }
}
