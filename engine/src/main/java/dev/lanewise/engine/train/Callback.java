package dev.lanewise.engine.train;

import java.util.List;
import java.util.Map;

/** What a caller is told while a model trains; every method does nothing by default. */
public interface Callback {
  /**
   * A fit begins or is taken up again.
   *
   * @param training the fit, to be asked and stopped until it ends
   */
  default void onTrainBegin(Training training) {}

  /**
   * A fit is taken up again, after {@link #onTrainBegin}.
   *
   * @param history what earlier epochs reported
   * @param state what {@link #state} gave when the fit was interrupted
   */
  default void onResume(History history, List<float[]> state) {}

  /** {@return what of this callback's state its {@link #onResume} cannot take from the history} */
  default List<float[]> state() {
    return List.of();
  }

  /** The fit ends, by itself or stopped, and not by an exception. */
  default void onTrainEnd() {}

  /**
   * A loss is no number.
   *
   * @return whether the fit is to end here as if stopped; otherwise it throws {@link
   *     DivergedException}
   */
  default boolean onDivergence() {
    return false;
  }

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
   * {@return how many batches may be trained on before this callback's next look at the model}
   * {@link #onTrainBatchEnd} is called for each of them, but some devices work ahead: within the
   * call for any but the last, the model may have seen the later ones already.
   */
  default int batchesAhead() {
    return 1;
  }

  /**
   * {@return whether it may set the step size, which each epoch then reports as {@code
   * learning_rate}, as it was while training}
   */
  default boolean setsLearningRate() {
    return false;
  }

  /**
   * An epoch, validation included, has ended.
   *
   * @param epoch its number from 0
   * @param logs values by name in alphabetical order: accuracy, loss, val_accuracy, val_loss
   * @param times the epoch's wall times
   */
  default void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {}
}
