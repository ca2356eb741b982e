package dev.lanewise.engine.onnx;

import dev.lanewise.engine.protobuf.Protobuf;
import java.util.ArrayList;
import java.util.List;

/** The states of a model that goes step by step: inputs before the step, outputs after it. */
final class OnnxStates {
  private static final String AFTER = "_after";

  private final List<Protobuf> inputs = new ArrayList<>();
  private final List<Protobuf> outputs = new ArrayList<>();

  /**
   * A state.
   *
   * @param before the name of the input
   * @param after the name of the output
   */
  record State(String before, String after) {}

  /** Adds a state [1, batch, units]. */
  State add(String name, int units) {
    State state = new State(name, name + AFTER);
    inputs.add(OnnxGraph.stateInfo(state.before, units));
    outputs.add(OnnxGraph.stateInfo(state.after, units));
    return state;
  }

  List<Protobuf> inputs() {
    return inputs;
  }

  List<Protobuf> outputs() {
    return outputs;
  }
}
