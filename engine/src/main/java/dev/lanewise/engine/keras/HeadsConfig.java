package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.MultiHeadAttention;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** MultiHeadAttention as it is read and written. */
final class HeadsConfig {
  private static final Set<String> KEYS =
      LayerConfig.known(
          "num_heads",
          "key_dim",
          "value_dim",
          "dropout",
          "use_bias",
          "output_shape",
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
        outputDim(config),
        config.bool("use_bias", true),
        config.rate("dropout", 0),
        false, // what the call says, and the next two
        false,
        false,
        RulesConfig.read(config, 3, 1));
  }

  /** A number, or the one in a list: of more, outputs would have more sizes than sequences have. */
  private static @Nullable Integer outputDim(Config config) {
    if (!config.has("output_shape")) {
      return null;
    }
    JsonElement shape = config.json().get("output_shape");
    boolean one = shape instanceof JsonArray array && array.size() == 1;
    Config holder = one ? config.element("output_shape", shape.getAsJsonArray().get(0)) : config;
    return (int) holder.whole("output_shape", 1, MOST);
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
    config.add("output_shape", outputShape(layer));
    JsonArray axes = new JsonArray();
    axes.add(STEPS);
    config.add("attention_axes", axes);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRest(config, layer);
    LayerEntry.nulls(config, "seed");
  }

  private static JsonElement outputShape(MultiHeadAttention layer) {
    Integer width = layer.outputDim();
    if (width == null) {
      return JsonNull.INSTANCE;
    }
    JsonArray shape = new JsonArray();
    shape.add(width);
    return shape;
  }

  /** Returns what the layer is built of. */
  static JsonObject build(MultiHeadAttention layer, List<FileShape> inputs) {
    List<FileShape> sources = layer.sources(inputs);
    JsonObject shapes = new JsonObject();
    shapes.add("query_shape", sources.get(0).batched());
    shapes.add("value_shape", sources.get(1).batched());
    if (sources.size() > 2) {
      shapes.add("key_shape", sources.get(2).batched());
    }
    JsonObject build = new JsonObject();
    build.add("shapes_dict", shapes);
    return build;
  }
}
