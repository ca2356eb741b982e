package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/**
 * A reference to what a call of a layer gave: {@code [name, node, tensor]}.
 *
 * @param layer the layer's name
 * @param node which of the layer's calls, as text
 * @param tensor which of the call's outputs, as text
 */
record LayerOutput(String layer, String node, String tensor) {
  /** Returns the one output of a layer that is called once. */
  static LayerOutput only(String layer) {
    return new LayerOutput(layer, "0", "0");
  }

  /** Reads the first three elements of an array, or returns null if they are no reference. */
  static @Nullable LayerOutput readOrNull(JsonElement element) {
    if (element instanceof JsonArray array
        && array.size() >= 3
        && array.get(0) instanceof JsonPrimitive name
        && name.isString()
        && array.get(1) instanceof JsonPrimitive node
        && array.get(2) instanceof JsonPrimitive tensor) {
      return new LayerOutput(name.getAsString(), node.getAsString(), tensor.getAsString());
    }
    return null;
  }

  /** Returns the output of a call that many before; one whose call is no number as it is. */
  LayerOutput earlier(int calls) {
    return calls == 0 || !node.matches("\\d{1,6}")
        ? this
        : new LayerOutput(layer, String.valueOf(Integer.parseInt(node) - calls), tensor);
  }

  /** Returns the name, and of others than the first output of the first call which. */
  @Override
  public String toString() {
    String name = LayerConfig.shortened(layer);
    return equals(only(layer))
        ? name
        : name
            + " (call "
            + LayerConfig.shortened(node)
            + ", output "
            + LayerConfig.shortened(tensor)
            + ")";
  }
}
