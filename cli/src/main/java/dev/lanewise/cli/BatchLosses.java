package dev.lanewise.cli;

import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Progress;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A CSV file with a line a batch: epoch and batch from 0, and the mean loss before its update. It
 * is written beside its place and moved there when it is whole, so that a run that ends early
 * leaves nothing half-written.
 */
final class BatchLosses implements Callback, AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final BufferedWriter writer;
  private final Thread sweeper;

  /**
   * Begins the file, so that a place that cannot be written is known before training.
   *
   * @throws RunFailedException if it cannot be written
   */
  BatchLosses(Path target) {
    requireFileOrNothing(target);
    try {
      // A link keeps its place: what it points to is what the move replaces.
      this.target = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      temporary = this.target.resolveSibling(temporaryName(this.target));
      // Not createTempFile, whose files nobody but their owner can read.
      writer = Files.newBufferedWriter(temporary, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new RunFailedException("--batch-losses " + target + ": cannot be written: " + e);
    }
    sweeper = new Thread(() -> delete(temporary), "lanewise-sweep");
    Runtime.getRuntime().addShutdownHook(sweeper);
    write("epoch,batch,loss\n");
  }

  /** The final move would put a file in place of a device or a pipe, /dev/null included. */
  private static void requireFileOrNothing(Path target) {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      String found = Files.isDirectory(target) ? "a folder" : "a device or a pipe";
      throw new RunFailedException(
          "--batch-losses " + target + ": expected a file, found " + found);
    }
  }

  private static String temporaryName(Path target) {
    return "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp";
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // the model is not looked at
  }

  @Override
  public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
    write(epoch + "," + batch + "," + progress.batchLoss() + "\n");
  }

  private void write(String line) {
    try {
      writer.write(line);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private RunFailedException failed(IOException e) {
    return new RunFailedException("--batch-losses " + target + ": cannot be written: " + e);
  }

  /** Puts the whole file in its place. */
  void finish() {
    try {
      writer.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Removes what {@link #finish} has not put in its place. */
  @Override
  public void close() {
    try (writer) {
      delete(temporary); // open still: what a full disk would not take need not be flushed first
    } catch (IOException e) {
      throw failed(e);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(sweeper);
    } catch (IllegalStateException e) {
      return; // the process is ending: the hook runs, and does the same
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.err.println("lanewise: cannot remove " + file + ": " + e.getMessage());
    }
  }
}
