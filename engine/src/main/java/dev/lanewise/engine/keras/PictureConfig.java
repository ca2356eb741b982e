package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pooling2D;
import dev.lanewise.engine.layer.SlidingWindow;
import java.util.List;
import java.util.Set;

/** Layers with a window over a picture, as they are read and written: Conv2D and the poolings. */
final class PictureConfig {
  private static final Set<String> CONVOLUTION =
      LayerConfig.known(
          "filters",
          "kernel_size",
          "strides",
          "padding",
          "data_format",
          "dilation_rate",
          "groups",
          "activation",
          "use_bias");
  private static final Set<String> POOLING =
      LayerConfig.known("pool_size", "strides", "padding", "data_format");

  private static final int MOST = 1 << 24;
  private static final int BOTH = 2;
  private static final int[] ONES = {1, 1};
  private static final int[] POOL_SIZE = {2, 2}; // Keras's default

  private PictureConfig() {}

  static Conv2D convolution(Config config) {
    config.requireKnown(CONVOLUTION);
    WindowConfig.requireChannelsLast(config);
    if (config.has("groups") && config.whole("groups", 1, MOST) != 1) {
      throw config.wrong("groups", "1");
    }
    int[] size = pair(config, "kernel_size");
    return new Conv2D(
        (int) config.whole("filters", 1, MOST),
        window(config, size, pair(config, "strides", ONES), pair(config, "dilation_rate", ONES)),
        LayerConfig.activation(config, "activation", "linear"),
        config.bool("use_bias", true),
        InitializerConfig.read(config),
        RegularizerConfig.read(config));
  }

  static Pooling2D pooling(Pooling2D.Kind kind, Config config) {
    config.requireKnown(POOLING);
    WindowConfig.requireChannelsLast(config);
    int[] size = pair(config, "pool_size", POOL_SIZE);
    return new Pooling2D(kind, window(config, size, pair(config, "strides", size), ONES));
  }

  private static PictureWindow window(Config config, int[] size, int[] strides, int[] rates) {
    Padding padding = WindowConfig.padding(config);
    if (padding == Padding.CAUSAL) {
      throw config.wrong("padding", "valid or same");
    }
    try {
      return new PictureWindow(
          new SlidingWindow(size[0], strides[0], rates[0], padding),
          new SlidingWindow(size[1], strides[1], rates[1], padding));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  private static int[] pair(Config config, String key, int[] absent) {
    return config.has(key) ? pair(config, key) : absent;
  }

  /** Reads a number for rows and one for columns, or one for both. */
  private static int[] pair(Config config, String key) {
    if (!(config.json().get(key) instanceof JsonArray)) {
      int both = (int) config.whole(key, 1, MOST);
      return new int[] {both, both};
    }
    List<JsonElement> two = config.array(key);
    if (two.size() != BOTH) {
      throw config.wrong(key, "a number or two");
    }
    return two.stream()
        .mapToInt(each -> (int) config.element(key, each).whole(key, 1, MOST))
        .toArray();
  }

  static void write(JsonObject config, Conv2D layer) {
    SlidingWindow rows = layer.window().rows();
    SlidingWindow columns = layer.window().columns();
    config.addProperty("filters", layer.filters());
    config.add("kernel_size", list(rows.size(), columns.size()));
    config.add("strides", list(rows.strides(), columns.strides()));
    config.addProperty("padding", rows.padding().kerasName());
    config.addProperty("data_format", "channels_last");
    config.add("dilation_rate", list(rows.dilationRate(), columns.dilationRate()));
    config.addProperty("groups", 1);
    config.addProperty("activation", layer.activation().kerasName());
    config.addProperty("use_bias", layer.useBias());
    config.add("kernel_initializer", InitializerConfig.write(layer.initializers().kernel()));
    config.add("bias_initializer", InitializerConfig.write(layer.initializers().bias()));
    config.add("kernel_regularizer", RegularizerConfig.write(layer.regularizers().kernel()));
    config.add("bias_regularizer", RegularizerConfig.write(layer.regularizers().bias()));
    LayerEntry.nulls(config, "activity_regularizer", "kernel_constraint", "bias_constraint");
  }

  static void write(JsonObject config, Pooling2D pooling) {
    SlidingWindow rows = pooling.window().rows();
    SlidingWindow columns = pooling.window().columns();
    config.add("pool_size", list(rows.size(), columns.size()));
    config.addProperty("padding", rows.padding().kerasName());
    config.add("strides", list(rows.strides(), columns.strides()));
    config.addProperty("data_format", "channels_last");
  }

  private static JsonArray list(int first, int second) {
    JsonArray list = new JsonArray();
    list.add(first);
    list.add(second);
    return list;
  }
}
