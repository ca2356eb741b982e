package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Activation;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names that activations have in files. */
final class ActivationNames {
  private static final Map<String, Activation> ALIASES =
      Map.of(
          "swish", Activation.SILU,
          "hard_swish", Activation.HARD_SILU,
          "celu", Activation.ELU); // the same where alpha is 1, its default

  private static final Map<String, Activation> ALL = all();

  /** Where a file names a function; in {@code config} if an object is around it. */
  private static final Set<String> KEYS =
      Set.of("activation", "recurrent_activation", "inner_activation", "config");

  private static final String HARD_SIGMOID = Activation.HARD_SIGMOID.kerasName();

  private ActivationNames() {}

  private static Map<String, Activation> all() {
    return Stream.concat(
            Stream.of(Activation.values()).map(each -> Map.entry(each.kerasName(), each)),
            ALIASES.entrySet().stream())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Returns the activation of a name, or null if there is none here. */
  static @Nullable Activation of(String name) {
    return ALL.get(name);
  }

  /** Returns every name. */
  static String listed() {
    return ALL.keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  /**
   * Returns a model's configuration in which each hard sigmoid is named for what it is: before
   * Keras 3 that name meant another function.
   *
   * @param version the Keras that wrote it, empty if the file does not say
   * @throws ModelFormatException if the version decides and is not known
   */
  static Config sinceKeras3(Config model, String version) {
    return version.startsWith("1.") || version.startsWith("2.") || version.isEmpty()
        ? new Config(model.where(), renamed(model.json(), model, version).getAsJsonObject())
        : model;
  }

  private static JsonElement renamed(JsonElement element, Config model, String version) {
    if (element instanceof JsonArray array) {
      JsonArray later = new JsonArray();
      array.forEach(each -> later.add(renamed(each, model, version)));
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
                    KEYS.contains(key) && isHardSigmoid(value)
                        ? old(model, key, version)
                        : renamed(value, model, version)));
    return later;
  }

  private static boolean isHardSigmoid(JsonElement value) {
    return value instanceof JsonPrimitive name && name.getAsString().equals(HARD_SIGMOID);
  }

  private static JsonElement old(Config model, String key, String version) {
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
