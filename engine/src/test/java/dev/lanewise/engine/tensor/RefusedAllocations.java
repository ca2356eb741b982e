package dev.lanewise.engine.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/** Has the system refuse the n-th allocation off-heap from now on, as long as it is open. */
public final class RefusedAllocations implements AutoCloseable {
  private final AtomicInteger left;

  private RefusedAllocations(int nth) {
    left = new AtomicInteger(nth);
  }

  /** Begins it, for all threads. */
  public static RefusedAllocations of(int nth) {
    RefusedAllocations begun = new RefusedAllocations(nth);
    TensorArena.beforeAllocation = begun::count;
    return begun;
  }

  private void count() {
    if (left.decrementAndGet() == 0) {
      throw new OutOfMemoryError("refused by a test");
    }
  }

  @Override
  public void close() {
    TensorArena.beforeAllocation = () -> {};
  }
}
