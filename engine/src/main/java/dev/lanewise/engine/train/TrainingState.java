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
 * @param states what layers keep from batch to batch, as {@code Plan.states} gives it
 * @param callbacks what each callback keeps beyond the history, in the callbacks' order
 */
@SuppressWarnings("ArrayRecordComponent") // written and read, never compared
public record TrainingState(
    Parameters parameters,
    int epoch,
    int batch,
    double[] sums,
    History history,
    List<float[]> states,
    List<List<float[]>> callbacks) {
  /** Makes the lists unmodifiable. */
  public TrainingState {
    states = List.copyOf(states);
    callbacks = List.copyOf(callbacks);
  }
}
