package dev.lanewise.engine.train;

import java.util.Map;

/** What a caller is told while a model trains; every method does nothing by default. */
public interface Callback {
  /**
   * An epoch begins.
   *
   * @param epoch its number from 0
   * @param batches how many batches it has
   */
  default void onEpochBegin(int epoch, int batches) {}

  /**
   * A batch has been trained on.
   *
   * @param epoch the epoch's number from 0
   * @param batch the batch's number from 0
   * @param progress the batch's loss and the epoch's running metrics; valid during the call
   */
  default void onTrainBatchEnd(int epoch, int batch, Progress progress) {}

  /**
   * An epoch, validation included, has ended.
   *
   * @param epoch its number from 0
   * @param logs values by name in alphabetical order: accuracy, loss, val_accuracy, val_loss
   * @param times the epoch's wall times
   */
  default void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {}
}
