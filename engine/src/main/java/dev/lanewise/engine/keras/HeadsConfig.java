package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.MultiHeadAttention;
import java.util.List;
import java.util.Set;

/** MultiHeadAttention as it is read and written. */
final class HeadsConfig {
  private static final Set<String> KEYS =
      LayerConfig.known(
          "num_heads",
          "key_dim",
          "value_dim",
          "dropout",
          "use_bias",
          "attention_axes",
          "query_shape", // of Keras 2, as the next two
          "key_shape",
          "value_shape");

  /** Along which steps lie. */
  private static final JsonElement STEPS = new JsonPrimitive(1);

  private static final int MOST = 1 << 24;

  private HeadsConfig() {}

  static MultiHeadAttention read(Config config) {
    config.requireKnown(KEYS);
    if (config.has("attention_axes") && !isSteps(config.json().get("attention_axes"))) {
      throw config.wrong("attention_axes", "null or [1]");
    }
    int heads = (int) config.whole("num_heads", 1, MOST);
    int keyDim = (int) config.whole("key_dim", 1, MOST / heads);
    boolean asKey = !config.has("value_dim");
    return new MultiHeadAttention(
        heads,
        keyDim,
        asKey ? keyDim : (int) config.whole("value_dim", 1, MOST / heads),
        config.bool("use_bias", true),
        config.rate("dropout", 0),
        false, // what the call says
        RulesConfig.read(config, 3, 1));
  }

  private static boolean isSteps(JsonElement axes) {
    return axes.equals(STEPS)
        || (axes instanceof JsonArray array && array.size() == 1 && array.get(0).equals(STEPS));
  }

  static void write(JsonObject config, MultiHeadAttention layer) {
    config.addProperty("num_heads", layer.heads());
    config.addProperty("key_dim", layer.keyDim());
    config.addProperty("value_dim", layer.valueDim());
    config.addProperty("dropout", layer.dropout());
    config.addProperty("use_bias", layer.useBias());
    config.add("output_shape", JsonNull.INSTANCE);
    JsonArray axes = new JsonArray();
    axes.add(STEPS);
    config.add("attention_axes", axes);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRest(config, layer);
    LayerEntry.nulls(config, "seed");
  }

  /** Returns what the layer is built of. */
  static JsonObject build(List<FileShape> inputs) {
    JsonObject shapes = new JsonObject();
    shapes.add("query_shape", inputs.get(0).batched());
    shapes.add("value_shape", inputs.get(1).batched());
    if (inputs.size() > 2) {
      shapes.add("key_shape", inputs.get(2).batched());
    }
    JsonObject build = new JsonObject();
    build.add("shapes_dict", shapes);
    return build;
  }
}
