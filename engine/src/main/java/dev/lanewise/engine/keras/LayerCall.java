package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of a layer in a functional model: one of its {@code inbound_nodes}.
 *
 * @param inputs what it takes from other layers, states that it begins with last
 * @param masks what it takes as its masks, null for none in a list
 * @param flags the names of what it is told to do
 * @param arguments all else that it is given and that is neither null nor {@code False}, by name,
 *     as messages show it
 */
record LayerCall(
    List<LayerOutput> inputs,
    List<@Nullable LayerOutput> masks,
    Set<String> flags,
    Map<String, String> arguments) {
  /** Told to an attention, that a step does not look behind itself. */
  static final String CAUSAL = "use_causal_mask";

  /** What tells an attention of several heads which steps it may take. */
  static final String ATTENTION_MASK = "attention_mask";

  /** The names of parameters that are values, in their order: what a layer reads, then states. */
  private static final List<String> VALUES =
      List.of("inputs", "sequences", "query", "value", "key", "initial_state", ATTENTION_MASK);

  /** Has an attention give its softmax, too. */
  static final String SCORES = "return_attention_scores";

  private static final Set<String> FLAGS = Set.of("training", CAUSAL, SCORES);

  /**
   * Reads a call: an object with {@code args} and {@code kwargs} since Keras 3, before that an
   * array of references with the further arguments as their fourth element.
   */
  static LayerCall read(String layer, JsonElement node) {
    LayerCall call =
        new LayerCall(new ArrayList<>(), new ArrayList<>(), new TreeSet<>(), new TreeMap<>());
    if (node instanceof JsonObject object) {
      call.addAll(new Config(layer + ", inbound_nodes", object));
    } else if (node instanceof JsonArray references) {
      references.forEach(reference -> call.addReference(layer, reference));
    } else {
      throw new ModelFormatException(layer + ": inbound_nodes must have objects or arrays");
    }
    return call;
  }

  /** Returns the outputs that it takes, masks among them. */
  Stream<LayerOutput> references() {
    return Stream.concat(inputs.stream(), masks.stream()).filter(Objects::nonNull);
  }

  /** Returns the same call with other references. */
  LayerCall referring(UnaryOperator<LayerOutput> others) {
    List<@Nullable LayerOutput> otherMasks = new ArrayList<>();
    masks.forEach(mask -> otherMasks.add(mask == null ? null : others.apply(mask)));
    return new LayerCall(inputs.stream().map(others).toList(), otherMasks, flags, arguments);
  }

  private void addAll(Config node) {
    boolean values = true; // behind a parameter that is left out others follow, masks among them
    for (JsonElement argument : node.array("args")) {
      add("argument " + (inputs.size() + arguments.size()), values, argument);
      values &= !argument.isJsonNull();
    }
    addNamed(node.child("kwargs").json());
  }

  private void addNamed(JsonObject named) {
    for (String name : VALUES) {
      if (named.has(name)) {
        add(name, true, named.get(name));
      }
    }
    named
        .asMap()
        .forEach(
            (name, value) -> {
              if (!VALUES.contains(name)) {
                add(name, false, value);
              }
            });
  }

  private void add(String name, boolean values, JsonElement value) {
    List<LayerOutput> outputs = new ArrayList<>();
    if (values && areOutputs(value, outputs)) {
      inputs.addAll(outputs);
      if (name.equals(ATTENTION_MASK)) {
        flags.add(name);
      }
    } else if (name.equals("mask") && areMasks(value)) {
      for (JsonElement one :
          value instanceof JsonArray list && tensor(list) == null ? list : List.of(value)) {
        masks.add(tensor(one));
      }
    } else if ((name.equals(CAUSAL) || name.equals(SCORES))
        && value.equals(new JsonPrimitive(true))) {
      flags.add(name);
    } else if (!value.isJsonNull() && !isNo(name, value)) {
      arguments.put(LayerConfig.shortened(name), LayerConfig.shortened(value.toString()));
    }
  }

  /** What would do something is asked to do nothing. */
  private static boolean isNo(String name, JsonElement value) {
    return FLAGS.contains(name) && value.equals(new JsonPrimitive(false));
  }

  /** Returns whether a value is a mask, or a list of masks, in which null is none. */
  private static boolean areMasks(JsonElement value) {
    return tensor(value) != null
        || (value instanceof JsonArray several
            && !several.isEmpty()
            && several.asList().stream().allMatch(one -> one.isJsonNull() || tensor(one) != null));
  }

  /** Adds the outputs that a value names, or several in a list; nothing else may be among them. */
  private static boolean areOutputs(JsonElement value, List<LayerOutput> outputs) {
    LayerOutput output = tensor(value);
    if (output != null) {
      return outputs.add(output);
    }
    return value instanceof JsonArray several
        && !several.isEmpty()
        && several.asList().stream().allMatch(one -> areOutputs(one, outputs));
  }

  /** Returns whether an argument is what a layer or an input gives. */
  static boolean isValue(JsonElement argument) {
    return tensor(argument) != null;
  }

  /**
   * Returns the output that {@code keras_history} names, or null if the value is something else.
   */
  private static @Nullable LayerOutput tensor(JsonElement value) {
    if (value instanceof JsonArray reference) {
      return LayerOutput.readOrNull(reference); // as before Keras 3
    }
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
      addNamed(further);
    } else if (parts.size() > 3) {
      arguments.put("argument 1", LayerConfig.shortened(parts.toString()));
    }
  }
}
