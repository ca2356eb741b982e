package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Layers that add, leave out, repeat or turn steps, as they are read and written. */
final class StepsConfig {
  private static final String PADDING = "padding";
  private static final String CROPPING = "cropping";
  private static final String DIMS = "dims";
  private static final Set<String> ZERO_PADDING = LayerConfig.known(PADDING, "data_format");
  private static final Set<String> CROPPED = LayerConfig.known(CROPPING);
  private static final Set<String> SIZE = LayerConfig.known("size");
  private static final Set<String> PERMUTED = LayerConfig.known(DIMS);

  private static final int MOST = 1 << 24;
  private static final int UP = 2; // Keras's default
  private static final int BOTH = 2;

  private StepsConfig() {}

  static ZeroPadding1D zeroPadding(Config config) {
    config.requireKnown(ZERO_PADDING);
    WindowConfig.requireChannelsLast(config);
    int[] ends = ends(config, PADDING);
    return new ZeroPadding1D(ends[0], ends[1]);
  }

  static Cropping1D cropping(Config config) {
    config.requireKnown(CROPPED);
    int[] ends = ends(config, CROPPING);
    return new Cropping1D(ends[0], ends[1]);
  }

  /** Both layers take a number for both ends, or two in a list; their default is 1. */
  private static int[] ends(Config config, String key) {
    if (!config.has(key)) {
      return new int[] {1, 1};
    }
    if (!(config.json().get(key) instanceof JsonArray)) {
      int both = (int) config.whole(key, 0, MOST);
      return new int[] {both, both};
    }
    List<JsonElement> two = config.array(key);
    if (two.size() != BOTH) {
      throw config.wrong(key, "a number or two");
    }
    return two.stream()
        .mapToInt(each -> (int) config.element(key, each).whole(key, 0, MOST))
        .toArray();
  }

  static UpSampling1D upSampling(Config config) {
    config.requireKnown(SIZE);
    return new UpSampling1D(config.has("size") ? (int) config.whole("size", 1, MOST) : UP);
  }

  static Permute permute(Config config) {
    config.requireKnown(PERMUTED);
    List<Integer> dims = new ArrayList<>();
    for (JsonElement each : config.array(DIMS)) {
      dims.add((int) config.element(DIMS, each).whole(DIMS, 1, MOST));
    }
    return new Permute(dims);
  }

  static void write(JsonObject config, ZeroPadding1D padding) {
    config.add(PADDING, list(padding.before(), padding.behind()));
    config.addProperty("data_format", "channels_last");
  }

  static void write(JsonObject config, Cropping1D cropping) {
    config.add(CROPPING, list(cropping.before(), cropping.behind()));
  }

  static void write(JsonObject config, Permute permute) {
    JsonArray dims = new JsonArray();
    permute.dims().forEach(dims::add);
    config.add(DIMS, dims);
  }

  private static JsonArray list(int first, int second) {
    JsonArray list = new JsonArray();
    list.add(first);
    list.add(second);
    return list;
  }
}
