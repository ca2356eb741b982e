package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a functional model is one chain from its input to its output, in the file's order:
 * every layer is called once, with what the layer before gave and with nothing else.
 */
final class FunctionalChain {
  private FunctionalChain() {}

  static void require(Config model, List<JsonElement> entries) {
    String first = null;
    String previous = null;
    for (JsonElement element : entries) {
      Config entry = ModelConfig.entry(model, element);
      String name = entry.child("config").string("name");
      if (entry.has("name") && !entry.string("name").equals(name)) {
        throw new ModelFormatException(
            "layer "
                + LayerConfig.shortened(name)
                + ": is called "
                + entry.value("name")
                + " outside its config; which of the two others mean is not told");
      }
      List<JsonElement> nodes =
          entry.has("inbound_nodes") ? entry.array("inbound_nodes") : List.of();
      if (previous == null) {
        requireInput(name, entry, nodes);
        first = name;
      } else {
        requireCall(name, nodes, previous);
      }
      previous = name;
    }
    requireEnd(model, "input_layers", first);
    requireEnd(model, "output_layers", previous);
  }

  private static void requireInput(String name, Config entry, List<JsonElement> nodes) {
    if (!entry.className().equals("InputLayer") || !nodes.isEmpty()) {
      throw new ModelFormatException(
          "layer "
              + LayerConfig.shortened(name)
              + ": a functional chain begins with an InputLayer that takes nothing, found a "
              + LayerConfig.shortened(entry.className())
              + " with "
              + nodes.size()
              + " calls");
    }
  }

  private static void requireCall(String name, List<JsonElement> nodes, String previous) {
    String layer = "layer " + LayerConfig.shortened(name);
    if (nodes.size() != 1) {
      throw new ModelFormatException(
          layer + ": is called " + nodes.size() + " times; in a chain each layer is called once");
    }
    LayerCall call = LayerCall.read(layer, nodes.getFirst());
    LayerOutput expected = LayerOutput.only(previous);
    if (!call.inputs().equals(List.of(expected))) {
      throw new ModelFormatException(
          layer
              + ": takes "
              + call.inputs()
              + ", expected "
              + List.of(expected)
              + "; of functional models only chains are supported");
    }
    if (!call.arguments().isEmpty()) {
      Map.Entry<String, String> argument = call.arguments().entrySet().iterator().next();
      throw new ModelFormatException(
          layer
              + ": is called with "
              + argument.getKey()
              + " = "
              + argument.getValue()
              + ", which is not supported");
    }
  }

  /** One end of the model is a reference, in a list or under a name where others would stand. */
  private static void requireEnd(Config model, String key, @Nullable String layer) {
    JsonElement end = model.json().get(key);
    LayerOutput found = end == null ? null : LayerOutput.readOrNull(end);
    while (end != null && found == null && size(end) == 1) {
      end =
          end instanceof JsonObject named
              ? named.asMap().values().iterator().next()
              : end.getAsJsonArray().get(0);
      found = LayerOutput.readOrNull(end);
    }
    if (found == null || layer == null || !found.equals(LayerOutput.only(layer))) {
      throw new ModelFormatException(
          model.where()
              + ": one input, of the first layer, and one output, of the last, are supported, found"
              + " "
              + key
              + " "
              + model.value(key));
    }
  }

  private static int size(JsonElement element) {
    return switch (element) {
      case JsonArray array -> array.size();
      case JsonObject object -> object.size();
      default -> 0;
    };
  }
}
