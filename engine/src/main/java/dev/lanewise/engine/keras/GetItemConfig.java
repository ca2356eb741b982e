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

  /**
   * Reads what a call takes.
   *
   * @param rank how many sizes a sample has
   */
  static GetItem read(String where, JsonElement node, int rank) {
    JsonElement key = object(where, node).getAsJsonArray("args").get(1);
    List<JsonElement> keys = key instanceof JsonArray several ? several.asList() : List.of(key);
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
      throw refused(where, key);
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
