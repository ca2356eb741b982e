package dev.lanewise.engine.keras;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Walk;
import dev.lanewise.engine.layer.Window;
import java.util.Set;

/** {@code ConvLSTM1D} and {@code ConvLSTM2D}, as they are read and written. */
final class ConvLstmConfig {
  private static final Set<String> KNOWN =
      LayerConfig.known(
          "filters",
          "kernel_size",
          "strides",
          "padding",
          "data_format",
          "dilation_rate",
          "activation",
          "recurrent_activation",
          "use_bias",
          "unit_forget_bias",
          "return_sequences",
          "return_state",
          "go_backwards",
          "stateful",
          "zero_output_for_mask",
          "dropout",
          "recurrent_dropout");

  private static final int GATES = 4;
  private static final int MOST = (1 << 24) / GATES;

  private ConvLstmConfig() {}

  static ConvLstm ofSequences(Config config) {
    config.requireKnown(KNOWN);
    return layer(config, WindowConfig.window(config));
  }

  static ConvLstm ofPictures(Config config) {
    config.requireKnown(KNOWN);
    return layer(config, PictureConfig.window(config, 2));
  }

  private static ConvLstm layer(Config config, Window window) {
    WindowConfig.requireChannelsLast(config);
    if (window.axes().getFirst().padding() == Padding.CAUSAL) {
      throw config.wrong("padding", "valid or same");
    }
    if (config.bool("stateful", false)) {
      throw config.wrong("stateful", "false");
    }
    return new ConvLstm(
        (int) config.whole("filters", 1, MOST),
        window,
        LayerConfig.cellActivation(config, "activation", "tanh"),
        LayerConfig.cellActivation(config, "recurrent_activation", "sigmoid"),
        config.bool("unit_forget_bias", true),
        new RecurrentOptions(
            new Walk(
                config.bool("return_sequences", false),
                config.bool("return_state", false),
                config.bool("go_backwards", false),
                false,
                config.bool("zero_output_for_mask", false)),
            config.bool("use_bias", true),
            config.rate("dropout", 0),
            config.rate("recurrent_dropout", 0),
            RulesConfig.read(config, window.axes().size() + 2, 1)));
  }

  static void write(JsonObject config, ConvLstm layer) {
    Window window = layer.window();
    RecurrentOptions options = layer.options();
    LayerEntry.writeWalk(config, options.walk());
    config.addProperty("zero_output_for_mask", options.walk().zeroOutputForMask());
    config.addProperty("filters", layer.filters());
    config.add("kernel_size", PictureConfig.list(window, SlidingWindow::size));
    config.add("strides", PictureConfig.list(window, SlidingWindow::strides));
    config.addProperty("padding", window.axes().getFirst().padding().kerasName());
    config.addProperty("data_format", "channels_last");
    config.add("dilation_rate", PictureConfig.list(window, SlidingWindow::dilationRate));
    config.addProperty("activation", layer.activation().kerasName());
    config.addProperty("recurrent_activation", layer.recurrentActivation().kerasName());
    config.addProperty("use_bias", options.useBias());
    RulesConfig.writeInitializers(config, layer);
    config.addProperty("unit_forget_bias", layer.unitForgetBias());
    RulesConfig.writeRest(config, layer);
    config.addProperty("dropout", options.dropout());
    config.addProperty("recurrent_dropout", options.recurrentDropout());
    config.add("seed", JsonNull.INSTANCE);
  }
}
