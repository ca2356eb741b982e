package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Recurrent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where {@code model.weights.h5} has a model's variables: groups are named after the layers'
 * classes, numbered in order, whatever the layers' own names.
 */
final class WeightLayout {
  private WeightLayout() {}

  /** Returns the path below {@code layers} of the group with each layer's variables. */
  static List<String> groups(List<Layer> layers) {
    Map<String, Integer> used = new HashMap<>();
    List<String> groups = new ArrayList<>();
    for (Layer layer : layers) {
      String group = SavedModel.numbered(layer.kerasName(), used);
      groups.add(
          switch (layer) {
            case Recurrent recurrent -> group + "/cell/vars";
            case Dense dense -> group + "/vars";
          });
    }
    return groups;
  }
}
