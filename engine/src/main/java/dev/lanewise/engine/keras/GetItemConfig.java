package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Index;
import dev.lanewise.engine.layer.GetItem.Part;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Slices of values, which Keras 3 keeps in the call of an operation. */
final class GetItemConfig {
  private GetItemConfig() {}

  private static JsonObject object(String where, JsonElement node) {
    if (node instanceof JsonObject call
        && call.get("args") instanceof JsonArray args
        && args.size() == 2
        && call.get("kwargs") instanceof JsonObject named
        && named.isEmpty()) {
      return call;
    }
    throw refused(where, node);
  }

  private static ModelFormatException refused(String where, @Nullable JsonElement part) {
    return new ModelFormatException(
        where
            + " takes "
            + LayerConfig.shortened(String.valueOf(part))
            + " of a value; slices and places that are numbers are supported, of steps and features"
            + " and not of the batch");
  }

  /** Returns what a call takes of each size. */
  private static List<JsonElement> keys(String where, JsonElement node) {
    JsonElement key = object(where, node).getAsJsonArray("args").get(1);
    return key instanceof JsonArray several ? several.asList() : List.of(key);
  }

  /** Returns whether a call adds sizes of 1, {@code x[:, None]}. */
  static boolean addsSizes(OperationNode operation) {
    return operation.type().equals("GetItem")
        && operation.inbound().size() == 1
        && keys(operation.config().where(), operation.inbound().getFirst()).stream()
            .skip(1)
            .anyMatch(JsonElement::isJsonNull);
  }

  /** Puts a slice and what adds sizes to it in a graph, and returns the value that they give. */
  static int put(OperationNode operation, int x, CompoundOperation.Graph graph) {
    String where = operation.config().where();
    operation.arguments(2);
    List<JsonElement> keys = keys(where, operation.inbound().getFirst());
    List<JsonElement> taken = keys.stream().filter(key -> !key.isJsonNull()).toList();
    Shape shape = graph.shape(x);
    GetItem item = read(where, taken, shape.rank());
    boolean all = OperationConfig.changesNothing(item, shape);
    int value = all ? x : graph.put(item, List.of(x));
    List<Integer> sizes = AxesConfig.open(all ? shape : item.outputShape(shape));
    int next = -1; // the batch's comes first
    for (JsonElement key : keys) {
      if (key.isJsonNull() && next >= 0) {
        sizes.add(next++, 1);
      } else if (isOf(key, "__ellipsis__")) {
        next += shape.rank() + 2 - taken.size();
      } else if (isOf(key, "__slice__")) {
        next++;
      } else if (key.isJsonNull()) {
        throw refused(where, key);
      }
    }
    return graph.put(new Reshape(sizes), List.of(value));
  }

  /**
   * Reads what a call takes.
   *
   * @param rank how many sizes a sample has
   */
  static GetItem read(String where, JsonElement node, int rank) {
    return read(where, keys(where, node), rank);
  }

  private static GetItem read(String where, List<JsonElement> keys, int rank) {
    List<Part> parts = new ArrayList<>();
    boolean open = true;
    for (JsonElement each : keys) {
      if (isOf(each, "__ellipsis__") && open) {
        open = false;
        for (int rest = rank + 2 - keys.size(); rest > 0; rest--) {
          parts.add(Slice.ALL);
        }
      } else {
        parts.add(part(where, each));
      }
    }
    if (parts.isEmpty() || !isAll(parts.getFirst())) {
      JsonArray all = new JsonArray();
      keys.forEach(all::add);
      throw refused(where, all);
    }
    return new GetItem(parts.subList(1, parts.size()));
  }

  private static boolean isAll(Part part) {
    return part instanceof Slice(Integer start, Integer stop, Integer step)
        && (start == null || start == 0)
        && stop == null
        && (step == null || step == 1);
  }

  private static boolean isOf(JsonElement part, String type) {
    return part instanceof JsonObject object
        && new JsonPrimitive(type).equals(object.get("class_name"));
  }

  private static Part part(String where, JsonElement part) {
    if (isOf(part, "__slice__")
        && part.getAsJsonObject().get("config") instanceof JsonObject ends) {
      return new Slice(
          place(where, ends.get("start")),
          place(where, ends.get("stop")),
          place(where, ends.get("step")));
    }
    Integer place = place(where, part);
    if (place == null) {
      throw refused(where, part); // a new size
    }
    return new Index(place);
  }

  private static @Nullable Integer place(String where, @Nullable JsonElement place) {
    if (place == null || place.isJsonNull()) {
      return null;
    }
    if (place instanceof JsonPrimitive number
        && number.isNumber()
        && number.getAsDouble() == Math.rint(number.getAsDouble())
        && Math.abs(number.getAsDouble()) < Integer.MAX_VALUE) {
      return (int) number.getAsDouble();
    }
    throw refused(where, place);
  }

  /** Returns what a layer takes, as it stands in a call. */
  static JsonArray parts(GetItem layer) {
    JsonArray parts = new JsonArray();
    parts.add(slice(Slice.ALL));
    for (Part part : layer.parts()) {
      switch (part) {
        case Index index -> parts.add(index.place());
        case Slice slice -> parts.add(slice(slice));
      }
    }
    return parts;
  }

  private static JsonObject slice(Slice slice) {
    JsonObject ends = new JsonObject();
    ends.add("start", number(slice.start()));
    ends.add("stop", number(slice.stop()));
    ends.add("step", number(slice.step()));
    JsonObject object = new JsonObject();
    object.addProperty("class_name", "__slice__");
    object.add("config", ends);
    return object;
  }

  private static JsonElement number(@Nullable Integer place) {
    return place == null ? JsonNull.INSTANCE : new JsonPrimitive(place);
  }
}
