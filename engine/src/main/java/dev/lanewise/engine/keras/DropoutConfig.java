package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Dropout;
import java.util.List;
import java.util.Set;

/**
 * The settings of {@link Dropout}, whose {@code noise_shape} has a 1 where elements share a draw,
 * and null, or their number, where each has its own.
 */
final class DropoutConfig {
  private static final String NOISE_SHAPE = "noise_shape";
  private static final Set<String> KEYS = LayerConfig.known("rate", "seed", NOISE_SHAPE);

  private DropoutConfig() {}

  static Dropout read(Config config) {
    config.requireKnown(KEYS);
    double rate = config.rate("rate");
    if (!config.has(NOISE_SHAPE)) {
      return Dropout.of(rate);
    }
    List<Boolean> shared =
        config.array(NOISE_SHAPE).stream().map(size -> isShared(config, size)).toList();
    int last = shared.size() - 1;
    if (last < 1 || shared.getFirst()) {
      throw config.wrong(NOISE_SHAPE, "null for the batch, and a size for each of a sample's");
    }
    List<Boolean> positions = shared.subList(1, last);
    if (positions.stream().distinct().count() > 1) {
      throw config.wrong(NOISE_SHAPE, "1 for all positions, or for none");
    }
    return new Dropout(rate, positions.contains(true), shared.get(last));
  }

  private static boolean isShared(Config config, JsonElement size) {
    return !size.isJsonNull()
        && config.element(NOISE_SHAPE, size).whole(NOISE_SHAPE, 1, Integer.MAX_VALUE) == 1;
  }

  static void write(JsonObject config, Dropout dropout, FileShape input) {
    config.addProperty("rate", dropout.rate());
    config.add("seed", JsonNull.INSTANCE);
    if (!dropout.sameAtAllPositions() && !dropout.sameForAllFeatures()) {
      config.add(NOISE_SHAPE, JsonNull.INSTANCE);
      return;
    }
    JsonArray sizes = new JsonArray();
    sizes.add(JsonNull.INSTANCE);
    int rank = input.shape().rank();
    for (int axis = 1; axis <= rank; axis++) {
      boolean shared = axis == rank ? dropout.sameForAllFeatures() : dropout.sameAtAllPositions();
      sizes.add(shared ? new JsonPrimitive(1) : JsonNull.INSTANCE);
    }
    config.add(NOISE_SHAPE, sizes);
  }
}
