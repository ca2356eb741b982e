package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the place of layers that a file cannot carry, functions of Python's say: Keras's
 * {@code custom_objects}, but for each layer by its name, and as a layer that there is.
 *
 * @param layers by the name of the layer in the file, after those of the models that it is in
 */
record Replacements(Map<String, Layer> layers) {
  static final Replacements NONE = new Replacements(Map.of());

  /** Makes the map unmodifiable. */
  Replacements {
    layers = Map.copyOf(layers);
  }

  /** Returns what stands in the place of a layer, or null if it stands there itself. */
  @Nullable Layer ofOrNull(String name) {
    return layers.get(name);
  }

  /**
   * Requires that all were of use, and that nobody had to know their weights.
   *
   * @param where the beginning of what is said
   * @param names of the graph's layers
   */
  void requireUse(String where, Graph graph, List<String> names) {
    for (String name : layers.keySet().stream().sorted().toList()) {
      int index = names.indexOf(name);
      if (index < 0) {
        throw new ModelFormatException(
            where
                + ": has no layer "
                + LayerConfig.shortened(name)
                + " that another could stand in the place of; its layers are "
                + LayerConfig.shortened(String.join(", ", names)));
      }
      if (!graph.parameters(index).isEmpty()) {
        throw new ModelFormatException(
            where
                + ": a "
                + graph.layers().get(index).className()
                + " cannot stand in the place of layer "
                + LayerConfig.shortened(name)
                + ", since it has weights, and which of the file's are its own is not told; a layer"
                + " without weights can");
      }
    }
  }

  /** Returns what to do about a layer that is not supported. */
  static String hint(String name) {
    return "; in Java, KerasFile.read(file, Map.of(\""
        + LayerConfig.shortened(name)
        + "\", layer)) reads the model with a layer of yours in its place, one without weights; of"
        + " a model within, its name and a slash come before";
  }
}
