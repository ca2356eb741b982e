package dev.lanewise.cli.train;

import dev.lanewise.cli.tell.RunFailedException;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.checkpoint.UnfinishedFile;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A CSV file with a line a batch: epoch and batch from 0, and the mean loss before its update. It
 * is written beside its place and moved there when it is whole, so that a run that ends early
 * leaves nothing half-written.
 */
final class BatchLosses implements Callback, AutoCloseable {
  private static final int BUFFERED = 1 << 13;

  private final Path named;
  private final Path place;
  private final UnfinishedFile file;
  private final StringBuilder lines = new StringBuilder("epoch,batch,loss\n");
  private final Thread sweeper;

  /**
   * Begins the file, so that a place that cannot be written is known before training.
   *
   * @throws RunFailedException if it cannot be written
   */
  BatchLosses(Path named) {
    this.named = named;
    try {
      place = AtomicFile.sweptPlace(Storage.disk(), named);
      file = UnfinishedFile.beside(Storage.disk(), place);
    } catch (IOException e) {
      throw failed(e);
    }
    try {
      write(); // a full disk too is told before training
    } catch (IOException e) {
      remove();
      throw failed(e);
    }
    sweeper = new Thread(this::remove, "lanewise-sweep");
    Runtime.getRuntime().addShutdownHook(sweeper);
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // the model is not looked at
  }

  @Override
  public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
    lines.append(epoch).append(',').append(batch).append(',').append(progress.batchLoss());
    lines.append('\n');
    if (lines.length() >= BUFFERED) {
      try {
        write();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  private void write() throws IOException {
    file.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
    lines.setLength(0);
  }

  private RunFailedException failed(IOException e) {
    return new RunFailedException(
        "--batch-losses " + named + ": cannot be written: " + Reason.of(e));
  }

  /** Puts the whole file in its place. */
  void finish() {
    try {
      write();
      file.force();
      file.takePlaceOf(place);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Removes what {@link #finish} has not put in its place. */
  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(sweeper);
    } catch (IllegalStateException e) {
      return; // the process is ending: the hook runs, and does the same
    }
  }

  private void remove() {
    try {
      file.close();
    } catch (IOException e) {
      System.err.println(
          "lanewise: the unfinished file beside " + place + " stays: " + Reason.of(e));
    }
  }
}
