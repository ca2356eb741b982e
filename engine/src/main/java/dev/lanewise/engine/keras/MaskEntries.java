package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Merge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The masks of calls, written as the operations that Keras makes of them: those that calls are told
 * by name, and in a model with any of these, or with a {@link Concatenate} of masked values, those
 * that values carry, too. Elsewhere Keras makes the operations anew as it reads the file; here its
 * names for them would be those of what the file has, which it refuses.
 */
final class MaskEntries {
  private final Graph graph;
  private final IntFunction<FileShape> shapes;
  private final IntFunction<JsonElement> tensors;
  private final IntPredicate known;
  private final IntPredicate tells;
  private final Set<String> names;
  private final boolean spells;
  private final List<JsonObject> entries = new ArrayList<>();
  private final Map<Mask, JsonElement> written = new HashMap<>();

  /**
   * Begins without any.
   *
   * @param level the model in which they are told
   * @param tensors returns a value as it stands in calls
   * @param known whether a value is the model's, and not one around it
   * @param taken the names of layers and inputs
   */
  MaskEntries(
      Level level, IntFunction<JsonElement> tensors, IntPredicate known, List<String> taken) {
    graph = level.graph();
    shapes = level::shape;
    tells = level::tellsMask;
    this.tensors = tensors;
    this.known = known;
    names = new HashSet<>(taken);
    spells = level.calls().stream().anyMatch(call -> call.node() != null && spells(call));
  }

  private boolean spells(Level.Call call) {
    Graph.Node node = call.node();
    return !node.masks().isEmpty()
        || (graph.layers().get(node.layer()).unfrozen() instanceof Concatenate
            && graph.masks().of(call.gives().getFirst()) != null);
  }

  /** Returns the operations' entries. */
  List<JsonObject> entries() {
    return entries;
  }

  /**
   * Returns what a call takes as {@code mask}: one, or one of each value that a merge reads; null
   * where Keras finds it by itself.
   */
  @Nullable JsonElement of(Graph.Node node) {
    Layer layer = graph.layers().get(node.layer());
    if (!node.masks().isEmpty()) {
      return told(node);
    }
    if (!spells || !MaskFlow.takesMasks(layer)) {
      return null;
    }
    int places = layer.unfrozen() instanceof Merge ? 2 : 1; // a key's is not looked at
    List<Integer> heeded =
        IntStream.range(0, places).mapToObj(place -> MaskFlow.heeded(layer, node, place)).toList();
    boolean masked = heeded.stream().anyMatch(value -> graph.masks().of(value) != null);
    return masked && heeded.stream().map(graph.masks()::of).allMatch(this::isSpelt)
        ? told(new Graph.Node(node.layer(), node.reads(), heeded))
        : null;
  }

  private boolean isSpelt(@Nullable Mask mask) {
    return switch (mask) {
      case null -> true;
      case Mask.Told told -> known.test(told.value());
      case Mask.Either either -> either.of().stream().allMatch(this::isSpelt);
      case Mask.All all -> all.of().stream().allMatch(this::isSpelt);
      case Mask.InTurn turns -> false;
    };
  }

  private JsonElement told(Graph.Node node) {
    JsonArray all = new JsonArray();
    for (int value : node.masks()) {
      Mask mask = graph.masks().of(value);
      all.add(mask == null ? JsonNull.INSTANCE : tensor(mask, shapes.apply(value).steps()));
    }
    boolean several = graph.layers().get(node.layer()).unfrozen() instanceof Merge;
    JsonElement first = all.get(0);
    if (!several && node.masks().getFirst() == MaskFlow.NONE) {
      throw new IllegalArgumentException(
          "save: a layer is told to heed no mask where there is one, which Keras's files cannot"
              + " say");
    }
    return several ? all : first;
  }

  private JsonElement tensor(Mask mask, FileShape steps) {
    JsonElement known = written.get(mask);
    if (known != null) {
      return known;
    }
    JsonElement made =
        switch (mask) {
          case Mask.Told told when tells.test(told.value()) -> tensors.apply(told.value());
          case Mask.Told told -> compared(told, steps);
          case Mask.Either either -> several("LogicalOr", "logical_or", either.of(), steps);
          case Mask.All all -> several("LogicalAnd", "logical_and", all.of(), steps);
          case Mask.InTurn turns ->
              throw new IllegalArgumentException(
                  "save: a mask of sequences one after another that a layer is told by name cannot"
                      + " be written");
        };
    written.put(mask, made);
    return made;
  }

  private JsonElement several(String type, String kind, Set<Mask> masks, FileShape steps) {
    List<JsonElement> each =
        masks.stream()
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .map(one -> tensor(one, steps))
            .toList();
    JsonElement all = each.getFirst();
    for (JsonElement other : each.subList(1, each.size())) {
      all = operation(type, kind, new JsonObject(), steps, all, other);
    }
    return all;
  }

  private JsonElement compared(Mask.Told told, FileShape steps) {
    FileShape shape = shapes.apply(told.value());
    JsonElement compared =
        operation(
            "NotEqual",
            "not_equal",
            new JsonObject(),
            shape,
            tensors.apply(told.value()),
            new JsonPrimitive(told.masked()));
    if (shape.shape().rank() == 1) {
      return compared;
    }
    JsonObject config = new JsonObject();
    config.addProperty("axis", -1);
    config.addProperty("keepdims", false);
    return operation("Any", "any", config, steps, compared);
  }

  private JsonElement operation(
      String type, String kind, JsonObject config, FileShape shape, JsonElement... arguments) {
    String name = kind;
    for (int n = 1; !names.add(name); n++) {
      name = kind + "_" + n;
    }
    JsonObject named = new JsonObject();
    named.addProperty("name", name);
    config.asMap().forEach(named::add);
    JsonArray all = new JsonArray();
    List.of(arguments).forEach(all::add);
    JsonObject call = new JsonObject();
    call.add("args", all);
    call.add("kwargs", new JsonObject());
    JsonArray calls = new JsonArray();
    calls.add(call);
    JsonObject entry = KerasObject.of("keras.src.ops.numpy", type, named);
    entry.addProperty("registered_name", type);
    entries.add(FunctionalEntry.named(entry, name, calls));
    return FunctionalEntry.tensor(shape, "bool", FunctionalEntry.history(name, 0, 0));
  }
}
