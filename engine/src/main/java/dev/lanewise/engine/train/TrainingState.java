package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Parameters;
import java.util.List;

/**
 * Where a fit stands between two batches. The order of the samples is no part of it, being a
 * function of seed and epoch.
 *
 * @param parameters the parameters and the optimizer's state
 * @param epoch the epoch at hand, from 0
 * @param batch its batches that have been trained on
 * @param sums the epoch's running sums, as {@code Totals.toArray} gives them
 * @param history what earlier epochs reported
 * @param callbacks what each callback keeps beyond the history, in the callbacks' order
 */
@SuppressWarnings("ArrayRecordComponent") // written and read, never compared
public record TrainingState(
    Parameters parameters,
    int epoch,
    int batch,
    double[] sums,
    History history,
    List<List<float[]>> callbacks) {
  /** Makes the list unmodifiable. */
  public TrainingState {
    callbacks = List.copyOf(callbacks);
  }
}
