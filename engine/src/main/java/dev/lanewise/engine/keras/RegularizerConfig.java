package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Penalties on weights in a layer's entry: Keras's classes L1, L2 and L1L2. */
final class RegularizerConfig {
  private static final String KERNEL = "kernel_regularizer";
  private static final String RECURRENT = "recurrent_regularizer";
  private static final String BIAS = "bias_regularizer";
  private static final Set<String> KEYS =
      Set.of(
          KERNEL,
          RECURRENT,
          BIAS,
          "embeddings_regularizer",
          "gamma_regularizer",
          "beta_regularizer");

  /** Keras's default of each class that has one weight. */
  private static final double DEFAULT = 0.01;

  private RegularizerConfig() {}

  /** Returns a layer's penalties; one that is not supported is none here, and an obstacle. */
  static Regularizers read(Config layer) {
    return new Regularizers(
        ofWeight(layer, KERNEL), ofWeight(layer, RECURRENT), ofWeight(layer, BIAS));
  }

  /** Returns the penalty that a key holds, none if it is not supported. */
  static Regularizer ofWeight(Config layer, String key) {
    Regularizer found = layer.has(key) ? readOrNull(layer, key) : null;
    return found == null ? Regularizer.NONE : found;
  }

  /** Returns the penalty that a key holds, or null if it is not supported. */
  static @Nullable Regularizer readOrNull(Config layer, String key) {
    if (!KEYS.contains(key)) {
      return null;
    }
    String name = layer.stringOrNull(key);
    if (name != null) {
      return of(name, new JsonObject());
    }
    boolean object =
        layer.json().get(key) instanceof JsonObject held
            && held.get("config") instanceof JsonObject
            && held.has("class_name");
    return object ? ofObject(layer.child(key)) : null;
  }

  private static @Nullable Regularizer ofObject(Config object) {
    String name = object.stringOrNull("class_name");
    return name != null && object.isKerasOwn() ? of(name, object.child("config").json()) : null;
  }

  private static @Nullable Regularizer of(String name, JsonObject config) {
    boolean both = name.equals("L1L2");
    boolean first = name.equals("L1") || name.equals("l1");
    boolean second = name.equals("L2") || name.equals("l2");
    if (!both && !first && !second) {
      return null; // l1_l2 among them, which has had several defaults
    }
    double l1 = first || both ? weight(config, "l1", first ? DEFAULT : 0) : 0;
    double l2 = second || both ? weight(config, "l2", second ? DEFAULT : 0) : 0;
    boolean sound = l1 >= 0 && l2 >= 0 && Double.isFinite(l1 + l2);
    return sound ? new Regularizer(l1, l2) : null;
  }

  private static double weight(JsonObject config, String key, double absent) {
    JsonElement value = config.get(key);
    if (value == null) {
      return absent;
    }
    boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    return number ? value.getAsDouble() : Double.NaN;
  }

  /** Returns a penalty's object, null in JSON if there is none. */
  static JsonElement write(Regularizer regularizer) {
    if (regularizer.equals(Regularizer.NONE)) {
      return JsonNull.INSTANCE;
    }
    JsonObject config = new JsonObject();
    if (regularizer.l1() != 0) {
      config.addProperty("l1", regularizer.l1());
    }
    if (regularizer.l2() != 0) {
      config.addProperty("l2", regularizer.l2());
    }
    String name = config.size() == 2 ? "L1L2" : regularizer.l1() != 0 ? "L1" : "L2";
    return KerasObject.of("keras.regularizers", name, config);
  }
}
