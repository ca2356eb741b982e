package dev.lanewise.engine.backend.cpu.weights;

import java.util.List;

/** The weights of a layer, or of a whole model. */
public interface Weights {
  /** Returns the weights, in no particular order. */
  List<CpuParameter> parameters();

  /** Returns where each of Keras's arrays lies, in Keras's order. */
  List<ParameterView> views();
}
