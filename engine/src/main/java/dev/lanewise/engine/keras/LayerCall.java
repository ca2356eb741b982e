package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call of a layer in a functional model: one of its {@code inbound_nodes}.
 *
 * @param inputs what it takes from other layers
 * @param arguments all else that it is given and that is neither null nor {@code training=False},
 *     by name, as messages show it
 */
record LayerCall(List<LayerOutput> inputs, Map<String, String> arguments) {
  /** The names of a layer's first parameter. */
  private static final Set<String> FIRST = Set.of("inputs", "sequences");

  /**
   * Reads a call: an object with {@code args} and {@code kwargs} since Keras 3, before that an
   * array of references with the further arguments as their fourth element.
   */
  static LayerCall read(String layer, JsonElement node) {
    LayerCall call = new LayerCall(new ArrayList<>(), new TreeMap<>());
    if (node instanceof JsonObject object) {
      call.addAll(new Config(layer + ", inbound_nodes", object));
    } else if (node instanceof JsonArray references) {
      references.forEach(reference -> call.addReference(layer, reference));
    } else {
      throw new ModelFormatException(layer + ": inbound_nodes must have objects or arrays");
    }
    return call;
  }

  private void addAll(Config node) {
    for (JsonElement argument : node.array("args")) {
      add("argument " + (inputs.size() + arguments.size()), true, argument);
    }
    for (Map.Entry<String, JsonElement> named : node.child("kwargs").json().asMap().entrySet()) {
      add(named.getKey(), FIRST.contains(named.getKey()), named.getValue());
    }
  }

  private void add(String name, boolean first, JsonElement value) {
    LayerOutput output = first ? tensor(value) : null;
    if (output != null) {
      inputs.add(output);
    } else if (!value.isJsonNull() && !isPrediction(name, value)) {
      arguments.put(LayerConfig.shortened(name), LayerConfig.shortened(value.toString()));
    }
  }

  /** What in training would do something is asked to do nothing there either. */
  private static boolean isPrediction(String name, JsonElement value) {
    return name.equals("training") && value.equals(new JsonPrimitive(false));
  }

  /**
   * Returns the output that {@code keras_history} names, or null if the value is something else.
   */
  private static @Nullable LayerOutput tensor(JsonElement value) {
    if (!(value instanceof JsonObject object)
        || !(object.get("config") instanceof JsonObject config)) {
      return null;
    }
    JsonElement history = config.get("keras_history");
    return history == null ? null : LayerOutput.readOrNull(history);
  }

  private void addReference(String layer, JsonElement reference) {
    LayerOutput output = LayerOutput.readOrNull(reference);
    if (output == null) {
      throw new ModelFormatException(
          layer
              + ": inbound_nodes must name a layer's output, found "
              + LayerConfig.shortened(reference.toString()));
    }
    inputs.add(output);
    JsonArray parts = reference.getAsJsonArray();
    if (parts.size() > 3 && parts.get(3) instanceof JsonObject further) {
      further.asMap().forEach((name, value) -> add(name, false, value));
    } else if (parts.size() > 3) {
      arguments.put("argument 1", LayerConfig.shortened(parts.toString()));
    }
  }
}
