package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a functional model is one chain from its input to its output, in the file's order.
 */
final class FunctionalChain {
  private FunctionalChain() {}

  static void require(Config model, List<JsonElement> entries) {
    String previous = null;
    for (JsonElement element : entries) {
      if (!element.isJsonObject()) {
        throw model.wrong("layers", "an array of objects");
      }
      Config entry = new Config(model.where() + ", layers", element.getAsJsonObject());
      String name = entry.child("config").string("name");
      List<String> sources = new ArrayList<>();
      if (entry.has("inbound_nodes")) {
        collect(entry.json().get("inbound_nodes"), sources);
      }
      List<String> expected = previous == null ? List.of() : List.of(previous);
      if (!sources.equals(expected)) {
        throw new ModelFormatException(
            "layer "
                + LayerConfig.shortened(name)
                + ": takes "
                + sources.stream().map(LayerConfig::shortened).toList()
                + ", expected "
                + expected.stream().map(LayerConfig::shortened).toList()
                + "; of functional models only chains are supported");
      }
      previous = name;
    }
    requireEnd(model, "output_layers", previous);
  }

  private static void requireEnd(Config model, String key, @Nullable String last) {
    List<String> ends = new ArrayList<>();
    if (model.has(key)) {
      collect(model.json().get(key), ends);
    }
    if (ends.size() != 1 || !ends.getFirst().equals(last)) {
      throw new ModelFormatException(
          model.where() + ": one output, of the last layer, is supported, found " + ends.size());
    }
  }

  /**
   * Adds every reference to a layer's output, an array of name, node and tensor: [name, 0, 0] since
   * Keras 3, [name, 0, 0, {...}] before.
   */
  private static void collect(JsonElement element, List<String> names) {
    if (element.isJsonObject()) {
      JsonObject object = element.getAsJsonObject();
      object.asMap().forEach((key, value) -> collect(value, names));
    } else if (element.isJsonArray()) {
      JsonArray array = element.getAsJsonArray();
      if (array.size() >= 3 && isString(array.get(0)) && isNumber(array.get(1))) {
        names.add(array.get(0).getAsString());
      } else {
        array.forEach(inner -> collect(inner, names));
      }
    }
  }

  private static boolean isString(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isString();
  }

  private static boolean isNumber(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isNumber();
  }
}
