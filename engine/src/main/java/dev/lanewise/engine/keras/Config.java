package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with a place in the model, so that whatever is wrong with a value can be told by
 * layer and key. Values are asked for by type; a missing or other one is a {@link
 * ModelFormatException}.
 *
 * @param where names the object in messages
 * @param json the object
 */
record Config(String where, JsonObject json) {
  boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  Config child(String key) {
    JsonElement value = json.get(key);
    if (value == null || !value.isJsonObject()) {
      throw wrong(key, "an object");
    }
    return new Config(where + ", " + key, value.getAsJsonObject());
  }

  /** Returns the same object told by another place. */
  Config at(String place) {
    return new Config(place, json);
  }

  List<JsonElement> array(String key) {
    JsonElement value = json.get(key);
    if (value == null || !value.isJsonArray()) {
      throw wrong(key, "an array");
    }
    return value.getAsJsonArray().asList();
  }

  String string(String key) {
    String text = stringOrNull(key);
    if (text == null) {
      throw wrong(key, "a string");
    }
    return text;
  }

  @Nullable String stringOrNull(String key) {
    JsonPrimitive value = primitive(key);
    return value != null && value.isString() ? value.getAsString() : null;
  }

  boolean bool(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    JsonPrimitive value = primitive(key);
    if (value == null || !value.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return value.getAsBoolean();
  }

  double number(String key) {
    JsonPrimitive value = primitive(key);
    if (value == null || !value.isNumber()) {
      throw wrong(key, "a number");
    }
    return value.getAsDouble();
  }

  double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  /** Returns a whole number, which JSON may have written as 150 or as 150.0. */
  long whole(String key, long least, long most) {
    double value = number(key);
    if (!(value >= least && value <= most) || value != Math.rint(value)) {
      throw wrong(key, "a whole number from " + least + " to " + most);
    }
    return (long) value;
  }

  /** Returns the sizes after the batch's, which is null. */
  List<Integer> shapeWithoutBatch(String key) {
    List<JsonElement> sizes = array(key);
    List<Integer> shape = new ArrayList<>();
    for (int i = 1; i < sizes.size(); i++) {
      JsonObject holder = new JsonObject();
      holder.add(key, sizes.get(i));
      if (sizes.get(i).isJsonNull()) {
        throw new ModelFormatException(
            where
                + ": key "
                + key
                + " leaves size "
                + i
                + " open, "
                + shown(json.get(key))
                + "; every size but the batch's must be known here");
      }
      shape.add((int) new Config(where, holder).whole(key, 1, 1 << 24));
    }
    if (shape.isEmpty() || shape.size() > 2) {
      throw wrong(key, "[batch, features] or [batch, steps, features]");
    }
    return shape;
  }

  /**
   * Refuses keys that this version does not know, unless their value says that they do nothing.
   *
   * @param known keys that are read, or that change neither training nor prediction
   */
  void requireKnown(Set<String> known) {
    for (String key : json.keySet()) {
      if (!known.contains(key) && !saysNothing(json.get(key))) {
        throw new ModelFormatException(
            where + ": key " + key + " with value " + shown(json.get(key)) + " is not supported");
      }
    }
  }

  private static boolean saysNothing(JsonElement value) {
    if (value.isJsonNull()) {
      return true;
    }
    if (value.isJsonArray()) {
      JsonArray array = value.getAsJsonArray();
      return array.isEmpty();
    }
    if (!value.isJsonPrimitive()) {
      return false;
    }
    JsonPrimitive primitive = value.getAsJsonPrimitive();
    return primitive.isBoolean()
        ? !primitive.getAsBoolean()
        : primitive.isNumber() && primitive.getAsDouble() == 0;
  }

  ModelFormatException wrong(String key, String expected) {
    return new ModelFormatException(
        where + ": key " + key + " must be " + expected + ", found " + shown(json.get(key)));
  }

  private @Nullable JsonPrimitive primitive(String key) {
    JsonElement value = json.get(key);
    return value != null && value.isJsonPrimitive() ? value.getAsJsonPrimitive() : null;
  }

  private static String shown(@Nullable JsonElement value) {
    if (value == null) {
      return "nothing";
    }
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
