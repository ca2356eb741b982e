package dev.lanewise.engine.train;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to use a model: one thread's at a time, and nobody's once it is closed. A thread
 * that has the turn may go on within it, as callbacks do.
 */
final class Turn {
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
  private volatile String doing = "";
  private volatile boolean closed;

  /**
   * Does the work of a call that is no part of another, as a callback's is.
   *
   * @param call the method's name, for messages
   * @throws IllegalStateException as {@link #of}, or if this thread is within a call already
   */
  <T> T whole(String call, Supplier<T> work) {
    if (user.get() == Thread.currentThread()) {
      throw new IllegalStateException(
          call + ": the model is training; call it when fit has returned");
    }
    return of(call, work);
  }

  /**
   * Does one call's work.
   *
   * @param call the method's name, for messages
   * @throws IllegalStateException if the model is closed or another thread uses it
   */
  <T> T of(String call, Supplier<T> work) {
    Thread caller = Thread.currentThread();
    Thread other = user.compareAndExchange(null, caller);
    if (other == caller) {
      return work.get();
    }
    if (other != null) {
      throw new IllegalStateException(
          call
              + ": thread "
              + other.getName()
              + " is using the model, in "
              + doing
              + "; one at a time may, and predictor() makes what any number may ask");
    }
    doing = call;
    try {
      if (closed) {
        throw new IllegalStateException(call + ": the model is closed");
      }
      return work.get();
    } finally {
      user.set(null);
    }
  }

  /** Ends all turns for good with the one at hand. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
