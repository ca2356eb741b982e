package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Cropping2D;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.UpSampling2D;
import dev.lanewise.engine.layer.ZeroPadding2D;
import java.util.List;
import java.util.Set;

/** Layers that add to pictures, leave out of them or repeat, as they are read and written. */
final class RelocationConfig {
  private static final Set<String> PADDING = LayerConfig.known("padding", "data_format");
  private static final Set<String> CROPPING = LayerConfig.known("cropping", "data_format");
  private static final Set<String> SIZE = LayerConfig.known("size", "data_format", "interpolation");
  private static final int MOST = 1 << 24;
  private static final int BOTH = 2;
  private static final int[] TWICE = {2, 2}; // Keras's default

  private RelocationConfig() {}

  static Relocation read(String type, Config config) {
    WindowConfig.requireChannelsLast(config);
    return switch (type) {
      case "ZeroPadding2D" -> {
        config.requireKnown(PADDING);
        int[][] ends = ends(config, "padding", 1);
        yield new ZeroPadding2D(ends[0][0], ends[0][1], ends[1][0], ends[1][1]);
      }
      case "Cropping2D" -> {
        config.requireKnown(CROPPING);
        int[][] ends = ends(config, "cropping", 0);
        yield new Cropping2D(ends[0][0], ends[0][1], ends[1][0], ends[1][1]);
      }
      default -> {
        config.requireKnown(SIZE);
        if (config.has("interpolation") && !config.string("interpolation").equals("nearest")) {
          throw config.wrong("interpolation", "nearest");
        }
        int[] size = config.has("size") ? pair(config, "size", value(config, "size"), 1) : TWICE;
        yield new UpSampling2D(size[0], size[1]);
      }
    };
  }

  private static JsonElement value(Config config, String key) {
    return config.json().get(key);
  }

  /** Reads a number for all ends, one each for rows and columns, or two each. */
  private static int[][] ends(Config config, String key, int absent) {
    if (!config.has(key)) {
      return new int[][] {{absent, absent}, {absent, absent}};
    }
    if (!(value(config, key) instanceof JsonArray two)) {
      int[] both = pair(config, key, value(config, key), 0);
      return new int[][] {both, both};
    }
    if (two.size() != BOTH) {
      throw config.wrong(key, "a number, or one or two each for rows and columns");
    }
    return new int[][] {pair(config, key, two.get(0), 0), pair(config, key, two.get(1), 0)};
  }

  /** Reads two numbers, or one for both. */
  private static int[] pair(Config config, String key, JsonElement value, int least) {
    List<JsonElement> numbers =
        value instanceof JsonArray several ? several.asList() : List.of(value, value);
    if (numbers.size() != BOTH) {
      throw config.wrong(key, "a number or two");
    }
    return numbers.stream()
        .mapToInt(each -> (int) config.element(key, each).whole(key, least, MOST))
        .toArray();
  }

  static void write(JsonObject config, Relocation picture) {
    switch (picture) {
      case ZeroPadding2D p -> config.add("padding", list(p.top(), p.bottom(), p.left(), p.right()));
      case Cropping2D c -> config.add("cropping", list(c.top(), c.bottom(), c.left(), c.right()));
      case UpSampling2D up -> {
        config.add("size", WindowConfig.list(up.rows(), up.columns()));
        config.addProperty("interpolation", "nearest");
      }
    }
    config.addProperty("data_format", "channels_last");
  }

  private static JsonArray list(int top, int bottom, int left, int right) {
    JsonArray ends = new JsonArray();
    ends.add(WindowConfig.list(top, bottom));
    ends.add(WindowConfig.list(left, right));
    return ends;
  }
}
