package dev.lanewise.engine.keras;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

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
}
