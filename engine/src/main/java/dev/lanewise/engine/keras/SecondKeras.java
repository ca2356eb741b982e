package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Activation;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Models of Keras 1 and 2, in whose files some things mean what Keras 3 calls otherwise. */
final class SecondKeras {
  /** Where a file names a function; in {@code config} if an object is around it. */
  private static final Set<String> FUNCTIONS =
      Set.of("activation", "recurrent_activation", "inner_activation", "config");

  private static final String CLASS = "class_name";

  /** What TensorFlow 1.13 called layers that had another name before and after. */
  private static final Map<String, String> NAMES =
      Map.of(
          "BatchNormalizationV1", "BatchNormalization",
          "BatchNormalizationV2", "BatchNormalization");

  private static final String HARD_SIGMOID = Activation.HARD_SIGMOID.kerasName();
  private static final String RESET_AFTER = "reset_after";

  private final Config model;
  private final String version;

  private SecondKeras(Config model, String version) {
    this.model = model;
    this.version = version;
  }

  /**
   * Returns a model's configuration in Keras 3's words: each hard sigmoid is named for what it is,
   * since that name meant another function before, a GRU that does not say when it resets does so
   * before the product, as all of them did in the first versions, merges keep the rule for masks
   * that they had, and what TensorFlow does between layers is an operation.
   *
   * @param version the Keras that wrote it, empty if the file does not say
   * @throws ModelFormatException if the version decides and is not known, or TensorFlow does what
   *     is not supported
   */
  static Config translated(Config model, String version) {
    return version.startsWith("1.") || version.startsWith("2.") || version.isEmpty()
        ? new Config(
            model.where(),
            new SecondKeras(model, version).translated(model.json()).getAsJsonObject())
        : model;
  }

  private JsonElement translated(JsonElement element) {
    if (element instanceof JsonArray array) {
      JsonArray later = new JsonArray();
      array.forEach(each -> later.add(translated(each)));
      return later;
    }
    if (!(element instanceof JsonObject object)) {
      return element;
    }
    JsonObject later = new JsonObject();
    object
        .asMap()
        .forEach(
            (key, value) ->
                later.add(
                    key,
                    FUNCTIONS.contains(key) && isText(value, HARD_SIGMOID)
                        ? hardSigmoid(key)
                        : translated(value)));
    if (later.get(CLASS) instanceof JsonPrimitive name) {
      later.addProperty(CLASS, NAMES.getOrDefault(name.getAsString(), name.getAsString()));
    }
    if (isText(object.get(CLASS), "GRU")
        && later.get("config") instanceof JsonObject config
        && !config.has(RESET_AFTER)
        && !version.isEmpty()) {
      config.addProperty(RESET_AFTER, false);
    }
    if (!version.isEmpty()
        && later.get(CLASS) instanceof JsonPrimitive type
        && later.get("config") instanceof JsonObject config) {
      MaskRules.addSecond(type.getAsString(), config);
    }
    return TensorFlowOperation.isOne(later) ? TensorFlowOperation.translated(later) : later;
  }

  private static boolean isText(@Nullable JsonElement value, String text) {
    return value instanceof JsonPrimitive name && name.getAsString().equals(text);
  }

  private JsonElement hardSigmoid(String key) {
    if (version.isEmpty()) {
      throw new ModelFormatException(
          model.where()
              + ": key "
              + key
              + " is hard_sigmoid, x / 6 + 0.5 since Keras 3 and 0.2 x + 0.5 before; the file does"
              + " not say its keras_version");
    }
    return new JsonPrimitive(Activation.KERAS_2_HARD_SIGMOID.kerasName());
  }
}
