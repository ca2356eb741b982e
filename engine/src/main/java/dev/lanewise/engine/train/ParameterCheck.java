package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.ParameterSpec;
import java.util.List;

/** Holds parameters from outside against the model they are for. */
record ParameterCheck(ModelSpec spec) {
  void check(Parameters parameters) {
    checkList("parameters", parameters.values());
    int slots = parameters.slots().size();
    if (slots != 0 && slots != spec.optimizer().slotCount()) {
      throw new IllegalArgumentException(
          "parameters: the optimizer keeps "
              + spec.optimizer().slotCount()
              + " arrays a parameter, found "
              + slots);
    }
    for (List<float[]> slot : parameters.slots()) {
      checkList("optimizer state", slot);
    }
  }

  private void checkList(String what, List<float[]> arrays) {
    List<ParameterSpec> expected = spec.parameters();
    if (arrays.size() != expected.size()) {
      throw new IllegalArgumentException(
          what + ": the model has " + expected.size() + " arrays, found " + arrays.size());
    }
    for (int i = 0; i < arrays.size(); i++) {
      if (arrays.get(i).length != expected.get(i).shape().elementCount()) {
        throw new IllegalArgumentException(
            what
                + ": "
                + expected.get(i).name()
                + " is "
                + expected.get(i).shape()
                + ", found "
                + arrays.get(i).length
                + " values");
      }
    }
  }
}
