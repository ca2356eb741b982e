package dev.lanewise.cli.tell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.text.Printable;

/**
 * JSON for machines, whatever the values: JSON has neither NaN nor infinity, and null is what other
 * programs read as no number. What a terminal would obey is escaped, also where JSON would not ask
 * for it: such characters stand in strings alone.
 */
public final class JsonText {
  private JsonText() {}

  /** Returns an object in one line. */
  public static String of(JsonObject object) {
    return Printable.of(finite(object).toString());
  }

  private static JsonElement finite(JsonElement element) {
    return switch (element) {
      case JsonObject object -> {
        JsonObject copy = new JsonObject();
        object.asMap().forEach((key, value) -> copy.add(key, finite(value)));
        yield copy;
      }
      case JsonArray array -> {
        JsonArray copy = new JsonArray(array.size());
        array.forEach(value -> copy.add(finite(value)));
        yield copy;
      }
      case JsonPrimitive number when number.isNumber() && !Double.isFinite(number.getAsDouble()) ->
          JsonNull.INSTANCE;
      default -> element;
    };
  }
}
