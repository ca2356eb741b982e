package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a functional model as a file has it: no layer, but an entry and calls as if it
 * were one.
 *
 * @param type its class
 * @param config its settings, told by name and class
 * @param inbound its calls
 */
record OperationNode(String type, Config config, List<JsonElement> inbound) {
  /** Where Keras has operations; some are those of its activations alone. */
  private static final List<String> MODULES = List.of("keras.src.ops.", "keras.src.activations.");

  /** The classes that no layer has, wherever a file says that they are. */
  private static final Set<String> UNMISTAKABLE = Set.of("GetItem", "NotEqual");

  /** The layers of Keras 3 that do not say whether they are trained. */
  private static final Set<String> SILENT =
      Set.of("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D");

  /**
   * Returns whether an entry is an operation, and no layer. Legacy files name no modules; there a
   * layer of Keras 3, whose calls have arguments, is known by what it says of being trained.
   *
   * @param inbound its calls
   */
  static boolean isOperation(Config entry, List<JsonElement> inbound) {
    String module = entry.stringOrNull("module");
    if (module == null) {
      return UNMISTAKABLE.contains(entry.className())
          || (!SILENT.contains(entry.className())
              && !entry.child("config").json().has("trainable")
              && !inbound.isEmpty()
              && inbound.getFirst() instanceof JsonObject call
              && call.has("args"));
    }
    return UNMISTAKABLE.contains(entry.className())
        || MODULES.stream().anyMatch(module::startsWith);
  }

  static OperationNode of(Config entry, List<JsonElement> inbound) {
    String type = entry.className();
    Config config = entry.child("config");
    String name = LayerConfig.shortened(config.string("name"));
    return new OperationNode(
        type, config.at("layer " + name + " (" + LayerConfig.shortened(type) + ")"), inbound);
  }

  /** Returns the arguments of its only call: references to values, and whatever else. */
  List<JsonElement> arguments(int count) {
    if (inbound.size() != 1) {
      throw new ModelFormatException(
          config.where() + ": must be called once, found " + inbound.size());
    }
    if (!(inbound.getFirst() instanceof JsonObject call
        && call.get("args") instanceof JsonArray arguments
        && arguments.size() == count
        && call.get("kwargs") instanceof JsonObject named
        && named.asMap().values().stream().allMatch(JsonElement::isJsonNull))) {
      throw new ModelFormatException(
          config.where()
              + ": is called with "
              + LayerConfig.shortened(inbound.getFirst().toString())
              + ", which is not supported");
    }
    return arguments.asList();
  }

  /**
   * Returns the number that an argument is, in an array of no sizes or by itself, or null if it is
   * something else.
   */
  static @Nullable Double numberOrNull(JsonElement argument) {
    return switch (argument) {
      case JsonPrimitive number when number.isNumber() -> number.getAsDouble();
      case JsonObject array
          when array.get("config") instanceof JsonObject config
              && config.get("value") instanceof JsonPrimitive number
              && number.isNumber() ->
          number.getAsDouble();
      default -> null;
    };
  }
}
