package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Does file work whole on a thread that is interrupted: the JDK closes a channel under whoever uses
 * it then, and what was to be kept would be lost with it.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Work that may be begun again. */
  interface FileWork {
    void run() throws IOException;
  }

  /** Runs {@code work} to its end; an interrupt waits for whoever looks for it next. */
  static void run(FileWork work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          work.run();
          return;
        } catch (IOException e) {
          // The channel is closed just before the thread is marked, by whoever interrupts it.
          if (!Thread.interrupted() && !(e instanceof ClosedByInterruptException)) {
            throw e;
          }
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
