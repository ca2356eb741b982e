package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The form in which Keras writes any object: where its class is, and its configuration. */
final class KerasObject {
  private KerasObject() {}

  static JsonObject of(String module, String className, JsonObject config) {
    JsonObject object = new JsonObject();
    object.addProperty("module", module);
    object.addProperty("class_name", className);
    object.add("config", config);
    object.add("registered_name", JsonNull.INSTANCE);
    return object;
  }

  static JsonObject floatPolicy() {
    JsonObject config = new JsonObject();
    config.addProperty("name", "float32");
    return of("keras", "DTypePolicy", config);
  }

  /**
   * Returns what a key holds, which may be a name alone, or null if that is no object of Keras's.
   *
   * @param made returns the object of a class's name and its configuration, or null
   */
  static <T> @Nullable T readOrNull(
      Config holder, String key, BiFunction<String, JsonObject, @Nullable T> made) {
    String plain = holder.stringOrNull(key);
    if (plain != null) {
      return made.apply(plain, new JsonObject());
    }
    boolean object =
        holder.json().get(key) instanceof JsonObject held
            && held.get("config") instanceof JsonObject
            && held.has("class_name");
    if (!object) {
      return null;
    }
    Config held = holder.child(key);
    String name = held.stringOrNull("class_name");
    return name != null && held.isKerasOwn() ? made.apply(name, held.child("config").json()) : null;
  }

  /** Returns a number of a configuration, or what is no number if it holds something else. */
  static double number(JsonObject config, String key, double absent) {
    JsonElement value = config.get(key);
    if (value == null) {
      return absent;
    }
    boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    return number ? value.getAsDouble() : Double.NaN;
  }
}
