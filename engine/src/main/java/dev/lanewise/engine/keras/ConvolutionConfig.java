package dev.lanewise.engine.keras;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1DTranspose;
import dev.lanewise.engine.layer.Convolution1D;
import dev.lanewise.engine.layer.DepthwiseConv1D;
import dev.lanewise.engine.layer.GroupedConv1D;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.SeparableConv1D;
import dev.lanewise.engine.layer.SlidingWindow;
import java.util.Set;

/** Convolutions over time other than the plain one, as they are read and written. */
final class ConvolutionConfig {
  private static final Set<String> KEYS =
      LayerConfig.known(
          "filters",
          "kernel_size",
          "strides",
          "padding",
          "data_format",
          "dilation_rate",
          "groups",
          "depth_multiplier",
          "activation",
          "use_bias");

  private static final int MOST = 1 << 24;

  private ConvolutionConfig() {}

  static DepthwiseConv1D depthwise(Config config) {
    SlidingWindow window = window(config);
    return new DepthwiseConv1D(
        window,
        multiplier(config),
        activation(config),
        useBias(config),
        RulesConfig.read(config, RulesConfig.DEPTHWISE, 3, 1));
  }

  static SeparableConv1D separable(Config config) {
    SlidingWindow window = window(config);
    int filters = filters(config);
    return new SeparableConv1D(
        filters,
        window,
        multiplier(config),
        activation(config),
        useBias(config),
        RulesConfig.read(config, RulesConfig.DEPTHWISE, Initializer.GLOROT_UNIFORM, 3),
        RulesConfig.read(config, RulesConfig.POINTWISE, 3, 1));
  }

  static GroupedConv1D grouped(Config config) {
    SlidingWindow window = window(config);
    int groups = (int) config.whole("groups", 1, MOST);
    return new GroupedConv1D(
        filters(config), groups, window, activation(config), useBias(config), rules(config));
  }

  static Conv1DTranspose transposed(Config config) {
    SlidingWindow window = window(config);
    return new Conv1DTranspose(
        filters(config), window, activation(config), useBias(config), rules(config));
  }

  private static SlidingWindow window(Config config) {
    config.requireKnown(KEYS);
    WindowConfig.requireChannelsLast(config);
    return WindowConfig.window(config);
  }

  private static ParameterRules rules(Config config) {
    return RulesConfig.read(config, 3, 1);
  }

  private static int filters(Config config) {
    return (int) config.whole("filters", 1, MOST);
  }

  private static int multiplier(Config config) {
    return config.has("depth_multiplier") ? (int) config.whole("depth_multiplier", 1, MOST) : 1;
  }

  private static Activation activation(Config config) {
    return LayerConfig.activation(config, "activation", "linear");
  }

  private static boolean useBias(Config config) {
    return config.bool("use_bias", true);
  }

  static void write(JsonObject config, Convolution1D layer) {
    switch (layer) {
      case DepthwiseConv1D each -> {
        write(config, each.window());
        config.addProperty("depth_multiplier", each.depthMultiplier());
        write(config, each.activation(), each.useBias(), each);
      }
      case SeparableConv1D two -> {
        config.addProperty("filters", two.filters());
        write(config, two.window());
        config.addProperty("depth_multiplier", two.depthMultiplier());
        write(config, two.activation(), two.useBias(), two);
      }
      case GroupedConv1D grouped -> {
        config.addProperty("filters", grouped.filters());
        write(config, grouped.window());
        config.addProperty("groups", grouped.groups());
        write(config, grouped.activation(), grouped.useBias(), grouped);
      }
      case Conv1DTranspose back -> {
        config.addProperty("filters", back.filters());
        write(config, back.window());
        config.add("output_padding", JsonNull.INSTANCE);
        write(config, back.activation(), back.useBias(), back);
      }
    }
  }

  private static void write(JsonObject config, SlidingWindow window) {
    config.add("kernel_size", WindowConfig.list(window.size()));
    config.add("strides", WindowConfig.list(window.strides()));
    config.addProperty("padding", window.padding().kerasName());
    config.addProperty("data_format", "channels_last");
    config.add("dilation_rate", WindowConfig.list(window.dilationRate()));
  }

  private static void write(
      JsonObject config, Activation activation, boolean useBias, Layer layer) {
    config.addProperty("activation", activation.kerasName());
    config.addProperty("use_bias", useBias);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRest(config, layer);
  }
}
