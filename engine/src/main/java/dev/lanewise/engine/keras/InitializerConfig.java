package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Initializer.Constant;
import dev.lanewise.engine.layer.Initializer.Distribution;
import dev.lanewise.engine.layer.Initializer.FanMode;
import dev.lanewise.engine.layer.Initializer.Identity;
import dev.lanewise.engine.layer.Initializer.Orthogonal;
import dev.lanewise.engine.layer.Initializer.RandomNormal;
import dev.lanewise.engine.layer.Initializer.RandomUniform;
import dev.lanewise.engine.layer.Initializer.TruncatedNormal;
import dev.lanewise.engine.layer.Initializer.UnitForgetBias;
import dev.lanewise.engine.layer.Initializer.VarianceScaling;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Initializers in a layer's entry. Start values decide nothing once there are weights, so that a
 * rule that is not known here, or makes no sense, refuses no file: the layer has the default one.
 */
final class InitializerConfig {
  private static final Map<String, Initializer> NAMED =
      Map.ofEntries(
          Map.entry("Zeros", Initializer.ZEROS),
          Map.entry("Ones", Initializer.ONES),
          Map.entry("GlorotUniform", Initializer.GLOROT_UNIFORM),
          Map.entry("GlorotNormal", Initializer.GLOROT_NORMAL),
          Map.entry("HeUniform", Initializer.HE_UNIFORM),
          Map.entry("HeNormal", Initializer.HE_NORMAL),
          Map.entry("LecunUniform", Initializer.LECUN_UNIFORM),
          Map.entry("LecunNormal", Initializer.LECUN_NORMAL));

  private static final Map<Initializer, String> NAMES =
      NAMED.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  /** What Keras 1 and 2 called them, and still may. */
  private static final Map<String, String> OLDER =
      Map.of(
          "zero", "zeros",
          "one", "ones",
          "normal", "randomnormal",
          "uniform", "randomuniform",
          "identityinitializer", "identity",
          "orthogonalinitializer", "orthogonal");

  private InitializerConfig() {}

  /** Returns the initializer that a key holds. */
  static Initializer read(Config layer, String key, Initializer absent) {
    JsonElement value = layer.json().get(key);
    Initializer found = null;
    if (value instanceof JsonPrimitive name) {
      found = of(name.getAsString(), new JsonObject());
    } else if (value instanceof JsonObject object
        && object.get("class_name") instanceof JsonPrimitive name) {
      boolean settled = object.get("config") instanceof JsonObject;
      found = of(name.getAsString(), settled ? object.getAsJsonObject("config") : object);
    }
    return found == null ? absent : found;
  }

  private static @Nullable Initializer of(String name, JsonObject config) {
    String plain = name.toLowerCase(Locale.ROOT).replace("_", "");
    plain = OLDER.getOrDefault(plain, plain);
    for (Map.Entry<String, Initializer> each : NAMED.entrySet()) {
      if (each.getKey().toLowerCase(Locale.ROOT).equals(plain)) {
        return each.getValue();
      }
    }
    try {
      return parametric(plain, config);
    } catch (IllegalArgumentException e) {
      return null; // a negative deviation, say, with which Keras would not have made the layer
    }
  }

  private static @Nullable Initializer parametric(String name, JsonObject config) {
    return switch (name) {
      case "constant" -> constant(config);
      case "randomnormal" ->
          new RandomNormal(number(config, "mean", 0), number(config, "stddev", 0.05));
      case "truncatednormal" ->
          new TruncatedNormal(number(config, "mean", 0), number(config, "stddev", 0.05));
      case "randomuniform" ->
          new RandomUniform(number(config, "minval", -0.05), number(config, "maxval", 0.05));
      case "orthogonal" -> new Orthogonal(number(config, "gain", 1));
      case "identity" -> new Identity(number(config, "gain", 1));
      case "variancescaling" ->
          new VarianceScaling(
              number(config, "scale", 1),
              FanMode.valueOf(text(config, "mode", "fan_in")),
              distribution(text(config, "distribution", "truncated_normal")));
      default -> null;
    };
  }

  /** One of values for each element is not kept ({@link StrictJson}), and so is none. */
  private static @Nullable Initializer constant(JsonObject config) {
    boolean one = !config.has("value") || config.get("value") instanceof JsonPrimitive;
    return one ? new Constant(number(config, "value", 0)) : null;
  }

  /** Keras 2 calls the truncated one normal. */
  private static Distribution distribution(String name) {
    return name.equals("NORMAL") ? Distribution.TRUNCATED_NORMAL : Distribution.valueOf(name);
  }

  private static double number(JsonObject config, String key, double absent) {
    return config.get(key) instanceof JsonPrimitive value && value.isNumber()
        ? value.getAsDouble()
        : absent;
  }

  private static String text(JsonObject config, String key, String absent) {
    String text = config.get(key) instanceof JsonPrimitive value ? value.getAsString() : absent;
    return text.toUpperCase(Locale.ROOT);
  }

  /** Returns an initializer's object, without a seed. */
  static JsonObject write(Initializer rule) {
    boolean known = rule instanceof Initializer.Values; // which are among the weights
    Initializer initializer = known ? Initializer.RANDOM_UNIFORM : rule;
    JsonObject config = new JsonObject();
    String name = NAMES.getOrDefault(initializer, "");
    switch (initializer) {
      case Constant constant -> {
        if (name.isEmpty()) {
          config.addProperty("value", constant.value());
          name = "Constant";
        }
      }
      case RandomNormal normal -> {
        name = "RandomNormal";
        seed(config);
        config.addProperty("mean", normal.mean());
        config.addProperty("stddev", normal.standardDeviation());
      }
      case TruncatedNormal normal -> {
        name = "TruncatedNormal";
        seed(config);
        config.addProperty("mean", normal.mean());
        config.addProperty("stddev", normal.standardDeviation());
      }
      case RandomUniform uniform -> {
        name = "RandomUniform";
        seed(config);
        config.addProperty("minval", uniform.minimum());
        config.addProperty("maxval", uniform.maximum());
      }
      case VarianceScaling scaling -> {
        seed(config);
        if (name.isEmpty()) {
          name = "VarianceScaling";
          config.addProperty("scale", scaling.scale());
          config.addProperty("mode", lower(scaling.mode()));
          config.addProperty("distribution", lower(scaling.distribution()));
        }
      }
      case Orthogonal orthogonal -> {
        name = "Orthogonal";
        seed(config);
        config.addProperty("gain", orthogonal.gain());
      }
      case UnitForgetBias _, Initializer.Values _ ->
          throw new IllegalStateException("no rule of a file: " + initializer);
      case Identity identity -> {
        name = "Identity";
        config.addProperty("gain", identity.gain());
      }
    }
    return KerasObject.of("keras.initializers", name, config);
  }

  private static void seed(JsonObject config) {
    config.add("seed", JsonNull.INSTANCE);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
