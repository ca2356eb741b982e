package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
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

  /**
   * The variables of one group.
   *
   * @param path below {@code layers}
   * @param parameters what its numbered data sets are
   */
  record VariableGroup(String path, List<ParameterSpec> parameters) {}

  /** Returns the groups in Keras's order of weights; a layer without weights has none. */
  static List<VariableGroup> groups(ModelSpec spec) {
    Map<String, Integer> used = new HashMap<>();
    List<VariableGroup> groups = new ArrayList<>();
    for (int i = 0; i < spec.layers().size(); i++) {
      Layer layer = spec.layers().get(i);
      String path = KerasNames.numbered(layer.kerasName(), used);
      add(groups, path, layer, spec.inputOf(i));
    }
    return groups;
  }

  private static void add(List<VariableGroup> groups, String path, Layer layer, Shape input) {
    switch (layer) {
      case Recurrent recurrent -> group(groups, path + "/cell", recurrent, input);
      case Bidirectional both -> {
        add(groups, path + "/forward_layer", both.forward(), input);
        add(groups, path + "/backward_layer", both.backward(), input);
      }
      case TimeDistributed distributed ->
          add(groups, path + "/layer", distributed.layer(), input.part());
      case Frozen frozen -> add(groups, path, frozen.layer(), input);
      default -> group(groups, path, layer, input); // its variables are its own
    }
  }

  private static void group(List<VariableGroup> groups, String path, Layer layer, Shape input) {
    List<ParameterSpec> parameters = layer.parameters(input);
    if (!parameters.isEmpty()) {
      groups.add(new VariableGroup(path + "/vars", parameters));
    }
  }
}
