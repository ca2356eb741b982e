package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.SlidingWindow;
import java.util.List;
import java.util.Set;

/** Layers with a window over time, as they are read and written: Conv1D and the poolings. */
final class WindowConfig {
  static final Set<String> CONVOLUTION =
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
  static final Set<String> POOLING =
      LayerConfig.known("pool_size", "strides", "padding", "data_format");

  private static final int MOST = 1 << 24;
  private static final int POOL_SIZE = 2; // Keras's default

  private WindowConfig() {}

  static Layer convolution(Config config) {
    if (ConvolutionConfig.isGrouped(config)) {
      return ConvolutionConfig.grouped(config, 1);
    }
    config.requireKnown(CONVOLUTION);
    requireChannelsLast(config);
    int filters = (int) config.whole("filters", 1, MOST);
    SlidingWindow window = window(config);
    return new Conv1D(
        filters,
        window,
        LayerConfig.activation(config, "activation", "linear"),
        config.bool("use_bias", true),
        RulesConfig.read(config, 3, 1));
  }

  static MaxPooling1D maxPooling(Config config) {
    return new MaxPooling1D(poolingWindow(config));
  }

  static AveragePooling1D averagePooling(Config config) {
    return new AveragePooling1D(poolingWindow(config));
  }

  private static SlidingWindow poolingWindow(Config config) {
    config.requireKnown(POOLING);
    requireChannelsLast(config);
    int size = config.has("pool_size") ? number(config, "pool_size") : POOL_SIZE;
    SlidingWindow window = window(config, size, size);
    if (window.padding() == Padding.CAUSAL) {
      throw config.wrong("padding", "valid or same");
    }
    return window;
  }

  /** Returns the window of a convolution. */
  static SlidingWindow window(Config config) {
    return window(config, number(config, "kernel_size"), 1);
  }

  private static SlidingWindow window(Config config, int size, int absentStrides) {
    int strides = config.has("strides") ? number(config, "strides") : absentStrides;
    int rate = config.has("dilation_rate") ? number(config, "dilation_rate") : 1;
    Padding padding = padding(config);
    return new SlidingWindow(size, strides, rate, padding);
  }

  static Padding padding(Config config) {
    String name = config.has("padding") ? config.string("padding") : Padding.VALID.kerasName();
    for (Padding padding : Padding.values()) {
      if (padding.kerasName().equals(name)) {
        return padding;
      }
    }
    throw config.wrong("padding", "valid, same or causal");
  }

  /** Reads a number, which may be a list of one. */
  private static int number(Config config, String key) {
    if (config.json().get(key) instanceof JsonArray) {
      List<JsonElement> sizes = config.array(key);
      if (sizes.size() != 1) {
        throw config.wrong(key, "one number");
      }
      return (int) config.element(key, sizes.getFirst()).whole(key, 1, MOST);
    }
    return (int) config.whole(key, 1, MOST);
  }

  /** Refuses data whose features come before its steps. */
  static void requireChannelsLast(Config config) {
    if (config.has("data_format") && !"channels_last".equals(config.stringOrNull("data_format"))) {
      throw config.wrong("data_format", "channels_last");
    }
  }

  /** Writes what a convolution is but for its window. */
  static void writeSums(JsonObject config, Activation activation, boolean useBias, Layer layer) {
    config.addProperty("groups", 1);
    config.addProperty("activation", activation.kerasName());
    config.addProperty("use_bias", useBias);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRest(config, layer);
  }

  static void write(JsonObject config, Conv1D layer) {
    SlidingWindow window = layer.window();
    config.addProperty("filters", layer.filters());
    config.add("kernel_size", list(window.size()));
    config.add("strides", list(window.strides()));
    config.addProperty("padding", window.padding().kerasName());
    config.addProperty("data_format", "channels_last");
    config.add("dilation_rate", list(window.dilationRate()));
    writeSums(config, layer.activation(), layer.useBias(), layer);
  }

  static void writePooling(JsonObject config, SlidingWindow window) {
    config.add("pool_size", list(window.size()));
    config.addProperty("padding", window.padding().kerasName());
    config.add("strides", list(window.strides()));
    config.addProperty("data_format", "channels_last");
  }

  static JsonArray list(int... numbers) {
    JsonArray list = new JsonArray();
    for (int number : numbers) {
      list.add(number);
    }
    return list;
  }
}
