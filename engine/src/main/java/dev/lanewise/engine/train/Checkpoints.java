package dev.lanewise.engine.train;

import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Saves a {@link Checkpoint} every so many batches. It is to stand last among the callbacks, so
 * that the others have seen the batch.
 */
public final class Checkpoints implements Callback {
  private final CheckpointFolder folder;
  private final Map<String, String> settings;
  private final int everyBatches;
  private int since;
  private @Nullable Training training;

  /**
   * Creates the callback.
   *
   * @param folder where to save
   * @param settings what the run is started with, as far as its result depends on it
   * @param everyBatches the batches from one checkpoint to the next, at least 1, counted on from
   *     one epoch to the next
   * @throws IllegalArgumentException if {@code everyBatches} is below 1
   */
  public Checkpoints(CheckpointFolder folder, Map<String, String> settings, int everyBatches) {
    if (everyBatches < 1) {
      throw new IllegalArgumentException(
          "Checkpoints: everyBatches must be at least 1, found " + everyBatches);
    }
    this.folder = folder;
    this.settings = Map.copyOf(settings);
    this.everyBatches = everyBatches;
  }

  @Override
  public void onTrainBegin(Training running) {
    training = running;
    since = everyBatches;
  }

  @Override
  public void onEpochBegin(int epoch, int batches) {
    if (since >= everyBatches) {
      save(); // of a fit that has only begun, so that there is always something to go on with
    }
  }

  @Override
  public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
    if (++since >= everyBatches) {
      save();
    }
  }

  @Override
  public int batchesAhead() {
    return everyBatches - since;
  }

  private void save() {
    since = 0;
    Training running = Objects.requireNonNull(training, "a fit has begun");
    try {
      new Checkpoint(settings, running.state()).save(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint cannot be saved: " + Reason.of(e), e);
    }
  }
}
