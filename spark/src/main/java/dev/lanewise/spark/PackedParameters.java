package dev.lanewise.spark;

import dev.lanewise.engine.backend.Parameters;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Weights and the optimizer's state on their way between driver and executors. */
final class PackedParameters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final float[][] values;
  private final String[] slots;
  private final float[][][] slotValues;
  private final long iterations;
  private final @Nullable Double learningRate;

  PackedParameters(Parameters parameters) {
    values = parameters.values().toArray(float[][]::new);
    slots = parameters.slots().stream().map(Parameters.Slot::name).toArray(String[]::new);
    slotValues =
        parameters.slots().stream()
            .map(slot -> slot.values().toArray(float[][]::new))
            .toArray(float[][][]::new);
    iterations = parameters.iterations();
    learningRate = parameters.learningRate();
  }

  Parameters open() {
    List<Parameters.Slot> of = new ArrayList<>();
    for (int s = 0; s < slots.length; s++) {
      of.add(new Parameters.Slot(slots[s], List.of(slotValues[s])));
    }
    return new Parameters(List.of(values), of, iterations, learningRate);
  }

  /** Returns a digest of all of it: where a fit begins. */
  String digest() {
    Sha256 digest = new Sha256();
    for (float[] each : values) {
      digest.add(each);
    }
    for (int s = 0; s < slots.length; s++) {
      digest.add(slots[s]);
      for (float[] each : slotValues[s]) {
        digest.add(each);
      }
    }
    return digest.add(iterations + " " + learningRate).hex();
  }
}
