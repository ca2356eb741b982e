package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Regularizer;
import org.jspecify.annotations.Nullable;

/** Penalties on weights in a layer's entry: Keras's classes L1, L2 and L1L2. */
final class RegularizerConfig {
  /** Keras's default of each class that has one weight. */
  private static final double DEFAULT = 0.01;

  private RegularizerConfig() {}

  /** Returns the penalty that a key holds, none if it is not supported. */
  static Regularizer read(Config layer, String key) {
    Regularizer found = layer.has(key) ? readOrNull(layer, key) : null;
    return found == null ? Regularizer.NONE : found;
  }

  /** Returns the penalty that a key holds, or null if it is not supported. */
  static @Nullable Regularizer readOrNull(Config layer, String key) {
    return KerasObject.readOrNull(layer, key, RegularizerConfig::of);
  }

  private static @Nullable Regularizer of(String name, JsonObject config) {
    boolean both = name.equals("L1L2");
    boolean first = name.equals("L1") || name.equals("l1");
    boolean second = name.equals("L2") || name.equals("l2");
    if (!both && !first && !second) {
      return null; // l1_l2 among them, which has had several defaults
    }
    double l1 = first || both ? KerasObject.number(config, "l1", first ? DEFAULT : 0) : 0;
    double l2 = second || both ? KerasObject.number(config, "l2", second ? DEFAULT : 0) : 0;
    boolean sound = l1 >= 0 && l2 >= 0 && Double.isFinite(l1 + l2);
    return sound ? new Regularizer(l1, l2) : null;
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
