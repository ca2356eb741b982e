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

/** Layers with a window over a picture, as they are read and written: Conv2D and the poolings. */
final class PictureConfig {
  private static final int MOST = 1 << 24;
  private static final int BOTH = 2;
  private static final int[] ONES = {1, 1};
  private static final int[] POOL_SIZE = {2, 2}; // Keras's default

  private PictureConfig() {}

  static Conv2D convolution(Config config) {
    config.requireKnown(WindowConfig.CONVOLUTION);
    WindowConfig.requireChannelsLast(config);
    WindowConfig.requireOneGroup(config);
    return new Conv2D(
        (int) config.whole("filters", 1, MOST),
        window(config),
        LayerConfig.activation(config, "activation", "linear"),
        config.bool("use_bias", true),
        RulesConfig.read(config, 4, 1));
  }

  static Pooling2D pooling(Pooling2D.Kind kind, Config config) {
    config.requireKnown(WindowConfig.POOLING);
    WindowConfig.requireChannelsLast(config);
    int[] size = pair(config, "pool_size", POOL_SIZE);
    return new Pooling2D(kind, window(config, size, pair(config, "strides", size), ONES));
  }

  /** Returns the window of a convolution. */
  static PictureWindow window(Config config) {
    int[] size = pair(config, "kernel_size");
    return window(config, size, pair(config, "strides", ONES), pair(config, "dilation_rate", ONES));
  }

  private static PictureWindow window(Config config, int[] size, int[] strides, int[] rates) {
    Padding padding = WindowConfig.padding(config);
    if (padding == Padding.CAUSAL) {
      throw config.wrong("padding", "valid or same");
    }
    return new PictureWindow(
        new SlidingWindow(size[0], strides[0], rates[0], padding),
        new SlidingWindow(size[1], strides[1], rates[1], padding));
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
    config.add("kernel_size", WindowConfig.list(rows.size(), columns.size()));
    config.add("strides", WindowConfig.list(rows.strides(), columns.strides()));
    config.addProperty("padding", rows.padding().kerasName());
    config.addProperty("data_format", "channels_last");
    config.add("dilation_rate", WindowConfig.list(rows.dilationRate(), columns.dilationRate()));
    WindowConfig.writeSums(config, layer.activation(), layer.useBias(), layer);
  }

  static void write(JsonObject config, Pooling2D pooling) {
    SlidingWindow rows = pooling.window().rows();
    SlidingWindow columns = pooling.window().columns();
    config.add("pool_size", WindowConfig.list(rows.size(), columns.size()));
    config.addProperty("padding", rows.padding().kerasName());
    config.add("strides", WindowConfig.list(rows.strides(), columns.strides()));
    config.addProperty("data_format", "channels_last");
  }
}
