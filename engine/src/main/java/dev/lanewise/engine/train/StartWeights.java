package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.random.SplitMix64;
import java.util.ArrayList;
import java.util.List;

/** Start weights as a function of model and seed alone: each parameter has a stream of its own. */
final class StartWeights {
  private static final long PURPOSE = 1;

  private StartWeights() {}

  static Parameters of(ModelSpec spec, long seed) {
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      SplitMix64 random = SplitMix64.stream(seed, PURPOSE, values.size());
      values.add(parameter.initializer().values(parameter.shape(), random));
    }
    return Parameters.initial(values);
  }
}
