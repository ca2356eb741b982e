package dev.lanewise.spark;

import dev.lanewise.engine.train.TrainingState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Where a fit stands, on its way from the task that has read it to the others. */
final class PackedState implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PackedParameters parameters;
  private final int epoch;
  private final int batch;
  private final double[] sums;
  private final PackedHistory history;
  private final float[][] states;
  private final float[][][] callbacks;

  PackedState(TrainingState state) {
    parameters = new PackedParameters(state.parameters());
    epoch = state.epoch();
    batch = state.batch();
    sums = state.sums();
    history = new PackedHistory(state.history());
    states = state.states().toArray(float[][]::new);
    callbacks =
        state.callbacks().stream()
            .map(each -> each.toArray(float[][]::new))
            .toArray(float[][][]::new);
  }

  TrainingState open() {
    List<List<float[]>> kept = new ArrayList<>();
    for (float[][] each : callbacks) {
      kept.add(List.of(each));
    }
    return new TrainingState(
        parameters.open(), epoch, batch, sums, history.open(), List.of(states), kept);
  }
}
