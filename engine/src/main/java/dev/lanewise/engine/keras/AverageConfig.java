package dev.lanewise.engine.keras;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.optimizer.WeightAverage;
import java.util.Set;

/** An optimizer's keys that tell how it keeps running means of weights, read and written. */
final class AverageConfig {
  private static final String USED = "use_ema";
  private static final String MOMENTUM = "ema_momentum";
  private static final String OVERWRITE = "ema_overwrite_frequency";

  static final Set<String> KEYS = Set.of(USED, MOMENTUM, OVERWRITE);

  private AverageConfig() {}

  /** The other keys say nothing, and Keras checks none, where the first does not say so. */
  static WeightAverage of(Config config) {
    if (!config.bool(USED, false)) {
      return WeightAverage.none();
    }
    WeightAverage average =
        WeightAverage.of(config.number(MOMENTUM, WeightAverage.DEFAULT_MOMENTUM));
    int updates = // Keras takes 0 for none
        config.has(OVERWRITE) ? (int) config.whole(OVERWRITE, 0, Integer.MAX_VALUE) : 0;
    return updates == 0 ? average : average.withOverwriteFrequency(updates);
  }

  /** Adds the keys, in Keras's order. */
  static void write(WeightAverage average, JsonObject config) {
    config.addProperty(USED, average.kept());
    config.addProperty(
        MOMENTUM, average.kept() ? average.momentum() : WeightAverage.DEFAULT_MOMENTUM);
    int updates = average.overwriteFrequency();
    config.add(OVERWRITE, updates == 0 ? JsonNull.INSTANCE : new JsonPrimitive(updates));
  }
}
