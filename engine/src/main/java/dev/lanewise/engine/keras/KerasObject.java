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

  static JsonObject glorotUniform() {
    return of("keras.initializers", "GlorotUniform", seeded());
  }

  static JsonObject orthogonal() {
    JsonObject config = seeded();
    config.addProperty("gain", 1.0);
    return of("keras.initializers", "Orthogonal", config);
  }

  static JsonObject zeros() {
    return of("keras.initializers", "Zeros", new JsonObject());
  }

  private static JsonObject seeded() {
    JsonObject config = new JsonObject();
    config.add("seed", JsonNull.INSTANCE);
    return config;
  }
}
