package dev.lanewise.engine.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What arrays begin with that are not drawn by their layers' rules: those of layers that were
 * trained in another model.
 *
 * @param ofLayers the arrays of a layer, by the layer's index
 */
record StartValues(Map<Integer, List<float[]>> ofLayers) {
  /** Every layer draws its own. */
  static final StartValues NONE = new StartValues(Map.of());

  /** Makes the map unmodifiable; the arrays are shared. */
  StartValues {
    ofLayers = Map.copyOf(ofLayers);
  }

  /** Returns these and others, of layers that follow {@code before} layers. */
  StartValues and(int before, StartValues others) {
    Map<Integer, List<float[]>> all = new HashMap<>(ofLayers);
    others.ofLayers.forEach((layer, arrays) -> all.put(before + layer, arrays));
    return new StartValues(all);
  }

  /** Returns a layer's arrays with the rules that give them these values, if there are any. */
  List<ParameterSpec> given(int layer, List<ParameterSpec> drawn) {
    List<float[]> arrays = ofLayers.getOrDefault(layer, List.of());
    if (arrays.isEmpty()) {
      return drawn;
    }
    List<ParameterSpec> given = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      ParameterSpec spec = drawn.get(i);
      ParameterRule rule = spec.rule().withInitializer(new Initializer.Values(arrays.get(i)));
      given.add(new ParameterSpec(spec.name(), spec.shape(), rule, spec.trainable()));
    }
    return given;
  }

  /** Returns those of some layers, which are all that there are. */
  StartValues of(List<Integer> layers) {
    Map<Integer, List<float[]>> some = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      some.put(i, ofLayers.getOrDefault(layers.get(i), List.of()));
    }
    return new StartValues(some);
  }

  /**
   * Refuses arrays that are none of their layers'.
   *
   * @param graph the layers, where they read what they will
   * @throws IllegalArgumentException naming layer and arrays
   */
  void requireFit(Graph graph) {
    for (int layer = 0; layer < graph.layers().size(); layer++) {
      List<ParameterSpec> expected = graph.layers().get(layer).parameters(graph.inputsOf(layer));
      List<Long> sizes = expected.stream().map(spec -> spec.shape().elementCount()).toList();
      List<Long> found =
          ofLayers.getOrDefault(layer, List.of()).stream().map(a -> (long) a.length).toList();
      if (!found.equals(sizes)) {
        throw new IllegalArgumentException(
            "Pretrained: layer "
                + layer
                + ", a "
                + graph.layers().get(layer).className()
                + ", has arrays of "
                + found
                + " values, and needs "
                + expected.stream().map(spec -> spec.name() + " " + spec.shape()).toList()
                + " for what it reads here, "
                + graph.inputsOf(layer));
      }
    }
  }
}
