package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.layer.ZeroPadding2D;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The padding of values: with zeros, which layers do, or with what is at their ends, turned. */
final class PadConfig {
  private static final String WIDTH = "pad_width";
  private static final String MODE = "mode";
  private static final String VALUES = "constant_values";
  private static final Set<String> KEYS = Set.of("name", WIDTH, MODE, VALUES);

  private PadConfig() {}

  /** What is added before and behind along an axis. */
  private record Ends(int before, int behind) {
    boolean areNone() {
      return before == 0 && behind == 0;
    }
  }

  /** Returns the most operations that it is. */
  static int most(Config config) {
    return 3 * ends(config).size();
  }

  private static List<Ends> ends(Config config) {
    config.requireKnown(KEYS);
    List<Ends> ends = new ArrayList<>();
    for (JsonElement pair : config.array(WIDTH)) {
      if (!(pair instanceof JsonArray two) || two.size() != 2) {
        throw config.wrong(WIDTH, "two numbers for each axis");
      }
      ends.add(new Ends(number(config, two.get(0)), number(config, two.get(1))));
    }
    return ends;
  }

  private static int number(Config config, JsonElement element) {
    return (int) config.element(WIDTH, element).whole(WIDTH, 0, 1 << 24);
  }

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, int x, CompoundOperation.Graph graph) {
    Config config = operation.config();
    List<Ends> ends = ends(config);
    Shape shape = graph.shape(x);
    if (ends.size() != shape.rank() + 1 || !ends.getFirst().areNone()) {
      throw config.wrong(WIDTH, "a pair for each axis, zeros for the batch's");
    }
    requireZeros(operation);
    if (ends.stream().allMatch(Ends::areNone)) {
      throw config.wrong(WIDTH, "something to add");
    }
    return switch (config.has(MODE) ? config.string(MODE).toLowerCase(Locale.ROOT) : "constant") {
      case "constant" -> zeros(config, ends, x, graph);
      case "reflect" -> turned(ends, 1, x, graph);
      case "symmetric" -> turned(ends, 0, x, graph);
      default -> throw config.wrong(MODE, "constant, reflect or symmetric");
    };
  }

  private static void requireZeros(OperationNode operation) {
    JsonElement call = operation.inbound().getFirst();
    boolean zeros =
        operation.inbound().size() == 1
            && call instanceof JsonObject object
            && object.get("args") instanceof JsonArray arguments
            && arguments.size() == 1
            && object.get("kwargs") instanceof JsonObject named
            && named.asMap().entrySet().stream()
                .allMatch(entry -> entry.getKey().equals(VALUES) && isZero(entry.getValue()));
    Config config = operation.config();
    if (!zeros || (config.has(VALUES) && config.number(VALUES) != 0)) {
      throw new ModelFormatException(
          config.where()
              + ": is called with "
              + LayerConfig.shortened(call.toString())
              + "; zeros are supported");
    }
  }

  private static boolean isZero(JsonElement value) {
    return value.isJsonNull()
        || (value instanceof JsonPrimitive number
            && number.isNumber()
            && number.getAsDouble() == 0);
  }

  private static int zeros(Config config, List<Ends> ends, int x, CompoundOperation.Graph graph) {
    Ends first = ends.get(1);
    if (!ends.getLast().areNone() || ends.size() < 3 || ends.size() > 4) {
      throw config.wrong(WIDTH, "zeros for the features, of sequences or pictures");
    }
    Ends second = ends.get(2);
    return graph.put(
        ends.size() == 3
            ? new ZeroPadding1D(first.before, first.behind)
            : new ZeroPadding2D(first.before, first.behind, second.before, second.behind),
        List.of(x));
  }

  /** Puts ends before and behind, turned, without as many of their elements as are not repeated. */
  private static int turned(List<Ends> ends, int without, int x, CompoundOperation.Graph graph) {
    int value = x;
    for (int axis = 1; axis < ends.size(); axis++) {
      Ends two = ends.get(axis);
      int size = graph.shape(value).size(axis - 1);
      if (Math.max(two.before, two.behind) > size - without) {
        throw new IllegalArgumentException(
            "of "
                + size
                + " along axis "
                + axis
                + " no more than "
                + (size - without)
                + " can be added");
      }
      List<Integer> parts = new ArrayList<>();
      if (two.before > 0) {
        int from = two.before - 1 + without;
        Slice slice = new Slice(from, without == 0 ? null : without - 1, -1);
        parts.add(graph.put(CompoundOperation.along(axis, slice), List.of(value)));
      }
      parts.add(value);
      if (two.behind > 0) {
        Slice slice = new Slice(-1 - without, -1 - without - two.behind, -1);
        parts.add(graph.put(CompoundOperation.along(axis, slice), List.of(value)));
      }
      value = parts.size() == 1 ? value : graph.put(new Joined(axis, false), parts);
    }
    return value;
  }
}
