package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Conv3D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.VolumeWindow;
import dev.lanewise.engine.layer.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Layers with a window over a picture, or a sequence of pictures, as they are read and written. */
final class PictureConfig {
  private static final int MOST = 1 << 24;
  private static final int PICTURE = 2;
  private static final int POOL_SIZE = 2; // Keras's default

  private PictureConfig() {}

  /**
   * Reads a convolution.
   *
   * @param axes 2 over pictures, 3 over sequences of them
   */
  static Layer convolution(Config config, int axes) {
    if (ConvolutionConfig.isGrouped(config)) {
      return ConvolutionConfig.grouped(config, axes);
    }
    config.requireKnown(WindowConfig.CONVOLUTION);
    WindowConfig.requireChannelsLast(config);
    int filters = (int) config.whole("filters", 1, MOST);
    Window window = window(config, axes);
    Activation activation = LayerConfig.activation(config, "activation", "linear");
    boolean useBias = config.bool("use_bias", true);
    ParameterRules rules = RulesConfig.read(config, axes + 2, 1);
    return switch (window) {
      case PictureWindow picture -> new Conv2D(filters, picture, activation, useBias, rules);
      case VolumeWindow volume -> new Conv3D(filters, volume, activation, useBias, rules);
      case SlidingWindow line -> throw new IllegalStateException(line + " is over no grid");
    };
  }

  static GridPooling pooling(GridPooling.Kind kind, Config config, int axes) {
    config.requireKnown(WindowConfig.POOLING);
    WindowConfig.requireChannelsLast(config);
    int[] size = numbers(config, "pool_size", all(axes, POOL_SIZE));
    return new GridPooling(
        kind, window(config, size, numbers(config, "strides", size), all(axes, 1)));
  }

  static GlobalGridPooling global(GridPooling.Kind kind, Config config, int axes) {
    return new GlobalGridPooling(kind, axes, WeightlessConfig.keepDims(config));
  }

  /** Returns the window of a convolution. */
  static Window window(Config config, int axes) {
    int[] size = numbers(config, "kernel_size", axes);
    int[] ones = all(axes, 1);
    return window(
        config, size, numbers(config, "strides", ones), numbers(config, "dilation_rate", ones));
  }

  private static Window window(Config config, int[] size, int[] strides, int[] rates) {
    Padding padding = WindowConfig.padding(config);
    if (padding == Padding.CAUSAL) {
      throw config.wrong("padding", "valid or same");
    }
    List<SlidingWindow> axes = new ArrayList<>();
    for (int i = 0; i < size.length; i++) {
      axes.add(new SlidingWindow(size[i], strides[i], rates[i], padding));
    }
    PictureWindow picture = new PictureWindow(axes.get(axes.size() - 2), axes.getLast());
    return size.length == PICTURE ? picture : new VolumeWindow(axes.getFirst(), picture);
  }

  private static int[] all(int axes, int number) {
    int[] all = new int[axes];
    Arrays.fill(all, number);
    return all;
  }

  private static int[] numbers(Config config, String key, int[] absent) {
    return config.has(key) ? numbers(config, key, absent.length) : absent;
  }

  /** Reads a number for each axis, or one for all. */
  private static int[] numbers(Config config, String key, int axes) {
    if (!(config.json().get(key) instanceof JsonArray)) {
      return all(axes, (int) config.whole(key, 1, MOST));
    }
    List<JsonElement> each = config.array(key);
    if (each.size() != axes) {
      throw config.wrong(key, axes == PICTURE ? "a number or two" : "a number or three");
    }
    return each.stream()
        .mapToInt(one -> (int) config.element(key, one).whole(key, 1, MOST))
        .toArray();
  }

  static void write(JsonObject config, GridConvolution layer) {
    config.addProperty("filters", layer.filters());
    config.add("kernel_size", list(layer.window(), SlidingWindow::size));
    writeWindow(config, layer.window());
    config.add("dilation_rate", list(layer.window(), SlidingWindow::dilationRate));
    WindowConfig.writeSums(config, layer.activation(), layer.useBias(), layer);
  }

  static void write(JsonObject config, GridPooling pooling) {
    config.add("pool_size", list(pooling.window(), SlidingWindow::size));
    writeWindow(config, pooling.window());
  }

  static void writeWindow(JsonObject config, Window window) {
    config.add("strides", list(window, SlidingWindow::strides));
    config.addProperty("padding", window.axes().getFirst().padding().kerasName());
    config.addProperty("data_format", "channels_last");
  }

  static JsonArray list(Window window, ToIntFunction<SlidingWindow> number) {
    return WindowConfig.list(window.axes().stream().mapToInt(number).toArray());
  }
}
