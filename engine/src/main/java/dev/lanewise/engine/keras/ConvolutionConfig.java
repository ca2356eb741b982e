package dev.lanewise.engine.keras;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.Window;
import java.util.Set;

/** Convolutions some of whose products are left out, as they are read and written. */
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

  static DepthwiseConv depthwise(Config config, int axes) {
    Window window = window(config, axes);
    return new DepthwiseConv(
        window,
        multiplier(config),
        activation(config),
        useBias(config),
        RulesConfig.read(config, RulesConfig.DEPTHWISE, axes + 2, 1));
  }

  static SeparableConv separable(Config config, int axes) {
    Window window = window(config, axes);
    int filters = filters(config);
    return new SeparableConv(
        filters,
        window,
        multiplier(config),
        activation(config),
        useBias(config),
        RulesConfig.read(config, RulesConfig.DEPTHWISE, Initializer.GLOROT_UNIFORM, axes + 2),
        RulesConfig.read(config, RulesConfig.POINTWISE, axes + 2, 1));
  }

  /** Returns whether a convolution's filters see some of the features each. */
  static boolean isGrouped(Config config) {
    return config.has("groups") && config.whole("groups", 1, MOST) > 1;
  }

  static GroupedConv grouped(Config config, int axes) {
    Window window = window(config, axes);
    int groups = (int) config.whole("groups", 1, MOST);
    return new GroupedConv(
        filters(config), groups, window, activation(config), useBias(config), rules(config, axes));
  }

  static ConvTranspose transposed(Config config, int axes) {
    Window window = window(config, axes);
    return new ConvTranspose(
        filters(config), window, activation(config), useBias(config), rules(config, axes));
  }

  private static Window window(Config config, int axes) {
    config.requireKnown(KEYS);
    WindowConfig.requireChannelsLast(config);
    return axes == 1 ? WindowConfig.window(config) : PictureConfig.window(config, axes);
  }

  private static ParameterRules rules(Config config, int axes) {
    return RulesConfig.read(config, axes + 2, 1);
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

  static void write(JsonObject config, SparseConvolution layer) {
    switch (layer) {
      case DepthwiseConv each -> {
        write(config, each.window());
        config.addProperty("depth_multiplier", each.depthMultiplier());
        write(config, each.activation(), each.useBias(), each);
      }
      case SeparableConv two -> {
        config.addProperty("filters", two.filters());
        write(config, two.window());
        config.addProperty("depth_multiplier", two.depthMultiplier());
        write(config, two.activation(), two.useBias(), two);
      }
      case GroupedConv grouped -> {
        config.addProperty("filters", grouped.filters());
        write(config, grouped.window());
        config.addProperty("groups", grouped.groups());
        write(config, grouped.activation(), grouped.useBias(), grouped);
      }
      case ConvTranspose back -> {
        config.addProperty("filters", back.filters());
        write(config, back.window());
        config.add("output_padding", JsonNull.INSTANCE);
        write(config, back.activation(), back.useBias(), back);
      }
    }
  }

  private static void write(JsonObject config, Window window) {
    config.add("kernel_size", PictureConfig.list(window, SlidingWindow::size));
    PictureConfig.writeWindow(config, window);
    config.add("dilation_rate", PictureConfig.list(window, SlidingWindow::dilationRate));
  }

  private static void write(
      JsonObject config, Activation activation, boolean useBias, Layer layer) {
    config.addProperty("activation", activation.kerasName());
    config.addProperty("use_bias", useBias);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRest(config, layer);
  }
}
