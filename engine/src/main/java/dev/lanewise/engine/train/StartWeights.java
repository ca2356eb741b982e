package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Start weights as a function of model and seed alone: each parameter has a stream of its own. */
final class StartWeights {
  private static final long PURPOSE = 1;

  private StartWeights() {}

  /**
   * Draws them.
   *
   * @throws InsufficientMemoryException if they do not fit into the heap, before any is drawn
   */
  static Parameters of(ModelSpec spec, long seed) {
    requireHeap(spec, Runtime.getRuntime().maxMemory());
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      SplitMix64 random = SplitMix64.stream(seed, PURPOSE, values.size());
      values.add(parameter.initializer().values(parameter.shape(), random));
    }
    return Parameters.initial(values);
  }

  /**
   * Without it, the first of a layer's arrays may be drawn for a minute before the second fails.
   */
  private static void requireHeap(ModelSpec spec, long heap) {
    ParameterSpec largest = null;
    double bytes = 0; // whose sum does not overflow
    for (ParameterSpec parameter : spec.parameters()) {
      bytes += (double) parameter.shape().elementCount() * Float.BYTES;
      if (largest == null || parameter.shape().elementCount() > largest.shape().elementCount()) {
        largest = parameter;
      }
    }
    if (largest != null && bytes > heap / 4.0 * 3) { // a quarter is others'
      throw new InsufficientMemoryException(
          String.format(
              Locale.ROOT,
              "the start weights need %,.0f bytes, most of them for %s %s; the heap has %,d; make"
                  + " the model smaller, or raise -Xmx",
              bytes,
              largest.name(),
              largest.shape(),
              heap));
    }
  }
}
