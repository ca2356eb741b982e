package dev.lanewise.cli.thread;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Something that is made on a thread of its own while its user does something else. The thread is a
 * daemon, so that a program that fails meanwhile ends without waiting for it.
 *
 * @param <T> what is made
 */
public final class Background<T> {
  private final CompletableFuture<T> result;

  private Background(CompletableFuture<T> result) {
    this.result = result;
  }

  /**
   * Begins to make it.
   *
   * @param name the thread's
   */
  public static <T> Background<T> begin(String name, Supplier<T> making) {
    return new Background<>(CompletableFuture.supplyAsync(making, threads(name)));
  }

  /** Returns what runs each task on a thread of its own. */
  public static Executor threads(String name) {
    return task -> Thread.ofPlatform().daemon().name(name).start(task);
  }

  /** Waits for it; throws what making it threw. */
  public T await() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }
}
