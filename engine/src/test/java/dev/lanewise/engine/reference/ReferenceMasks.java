package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.random.SplitMix64;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the sums of a cell do without, of one sample: factors of its inputs and of its states; none
 * where nothing is dropped, one for all gates, or one a gate in Keras's order.
 */
record ReferenceMasks(List<double[]> inputs, List<double[]> states) {
  static final ReferenceMasks NONE = new ReferenceMasks(List.of(), List.of());

  /**
   * Draws what a layer drops in training.
   *
   * @param key what tells the sample, the update and the layer from others
   */
  static ReferenceMasks drawn(CellLayer layer, long key, int gates, int features) {
    boolean ofStates = layer.recurrentDropout() > 0;
    int inputs = layer.dropout() == 0 ? 0 : ofStates ? gates : 1;
    int states = ofStates ? gates : 0;
    return new ReferenceMasks(
        IntStream.range(0, inputs).mapToObj(g -> mask(key, g, layer.dropout(), features)).toList(),
        IntStream.range(0, states)
            .mapToObj(g -> mask(key, ~g, layer.recurrentDropout(), layer.units()))
            .toList());
  }

  private static double[] mask(long key, int purpose, double rate, int width) {
    return ReferenceDropout.mask((int) SplitMix64.combine(key, purpose), rate, width);
  }

  double[] ofInput(int gate, double[] values) {
    return masked(inputs, gate, values);
  }

  double[] ofState(int gate, double[] values) {
    return masked(states, gate, values);
  }

  private static double[] masked(List<double[]> masks, int gate, double[] values) {
    return masks.isEmpty()
        ? values
        : Products.ofElements(values, masks.get(masks.size() == 1 ? 0 : gate));
  }
}
