package dev.lanewise.cli;

import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Progress;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
    this.target = target.toAbsolutePath();
    if (Files.isDirectory(this.target)) {
      throw new RunFailedException(
          "--batch-losses " + target + ": expected a file, found a folder");
    }
    try {
      temporary =
          Files.createTempFile(this.target.getParent(), "." + this.target.getFileName(), ".tmp");
      writer = Files.newBufferedWriter(temporary);
      writer.write("epoch,batch,loss\n");
    } catch (IOException e) {
      throw new RunFailedException("--batch-losses " + target + ": cannot be written: " + e);
    }
    sweeper = new Thread(() -> delete(temporary), "lanewise-sweep");
    Runtime.getRuntime().addShutdownHook(sweeper);
  }

  @Override
  public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
    try {
      writer.write(epoch + "," + batch + "," + progress.batchLoss() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": " + e.getMessage(), e);
    }
  }

  /** Puts the whole file in its place. */
  void finish() {
    try {
      writer.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": " + e.getMessage(), e);
    }
  }

  /** Removes what {@link #finish} has not put in its place. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": " + e.getMessage(), e);
    }
    delete(temporary);
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
