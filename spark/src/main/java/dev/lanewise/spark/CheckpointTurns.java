package dev.lanewise.spark;

import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Progress;
import dev.lanewise.engine.train.Training;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves a fit's state when it begins, every so many steps, and after the last, so that a fit that
 * has ended is not trained again. All tasks have one, as a state counts callbacks; the first
 * writes.
 */
final class CheckpointTurns implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointTurns.class);

  private final CheckpointPlace place;
  private final boolean writes;
  private final int epochs;
  private int batches;
  private int since;
  private @Nullable Training training;

  CheckpointTurns(CheckpointPlace place, boolean writes, int epochs) {
    this.place = place;
    this.writes = writes;
    this.epochs = epochs;
  }

  @Override
  public void onTrainBegin(Training running) {
    training = running;
    since = place.everySteps();
  }

  @Override
  public void onResume(History history, List<float[]> state) {
    since = 0;
  }

  @Override
  public void onEpochBegin(int epoch, int ofEpoch) {
    batches = ofEpoch;
    if (since >= place.everySteps()) {
      save();
    }
  }

  @Override
  public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
    boolean last = epoch == epochs - 1 && batch == batches - 1;
    if (++since >= place.everySteps() || last) {
      save();
    }
  }

  private void save() {
    since = 0;
    if (!writes) {
      return;
    }
    try {
      place.save(Objects.requireNonNull(training, "a fit has begun").state());
    } catch (IllegalArgumentException e) {
      // The next loss will say so in all tasks; one that failed here alone would be tried again.
      LOG.warn("no checkpoint is saved, the one before stays: {}", e.getMessage());
    }
  }
}
