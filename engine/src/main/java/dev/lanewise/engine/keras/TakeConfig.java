package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.GetItem.Index;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.Joined;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Places of a value along one of its axes: one of them, or several in the order of a list. */
final class TakeConfig {
  private static final String AXIS = "axis";
  private static final Set<String> KEYS = Set.of("name", AXIS);
  private static final int MOST = 128;

  private TakeConfig() {}

  /** Returns the most operations that it is: a slice of each run of places, and their joint. */
  static int most(OperationNode operation) {
    List<JsonElement> arguments = operation.arguments(2);
    return OperationNode.numberOrNull(arguments.get(1)) != null
        ? 1
        : 1 + places(operation, arguments.get(1)).size();
  }

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, int x, CompoundOperation.Graph graph) {
    Config config = operation.config();
    config.requireKnown(KEYS);
    List<JsonElement> arguments = operation.arguments(2);
    int sizes = graph.shape(x).rank() + 1;
    int told = (int) config.whole(AXIS, -sizes, sizes - 1L);
    int axis = told < 0 ? told + sizes : told;
    if (axis == 0 || !LayerCall.isValue(arguments.getFirst())) {
      throw config.wrong(AXIS, "another axis than the batch's, of a value");
    }
    Double one = OperationNode.numberOrNull(arguments.get(1));
    if (one != null) {
      int place = place(operation, one);
      return graph.put(CompoundOperation.along(axis, new Index(place)), List.of(x));
    }
    List<Integer> runs = new ArrayList<>();
    List<Integer> places = places(operation, arguments.get(1));
    int size = graph.shape(x).size(axis - 1);
    boolean known = axis > 1 || !graph.isOpen(x);
    if (!known || places.stream().anyMatch(place -> place < -size || place >= size)) {
      throw config.wrong(
          "indices", known ? "places among " + size : "one place, where the steps are open");
    }
    for (int from = 0; from < places.size(); ) {
      int first = places.get(from);
      int to = from + 1;
      while (to < places.size() && places.get(to) == first + to - from && places.get(to) != 0) {
        to++;
      }
      int end = first + to - from;
      Slice run = new Slice(first, end == 0 ? null : end, null);
      runs.add(graph.put(CompoundOperation.along(axis, run), List.of(x)));
      from = to;
    }
    return runs.size() == 1 ? runs.getFirst() : graph.put(new Joined(axis, false), runs);
  }

  private static List<Integer> places(OperationNode operation, JsonElement argument) {
    Constant array = ArrayArgument.readOrNull(argument, 2);
    if (array == null || array.shape().rank() != 1 || array.shape().size(0) > MOST) {
      throw refused(operation, argument);
    }
    List<Integer> places = new ArrayList<>();
    for (float place : array.values()) {
      places.add(place(operation, place));
    }
    return places;
  }

  private static int place(OperationNode operation, double place) {
    if (place != Math.rint(place) || Math.abs(place) > 1 << 24) {
      throw operation.config().wrong("indices", "whole numbers");
    }
    return (int) place;
  }

  private static ModelFormatException refused(OperationNode operation, JsonElement argument) {
    return new ModelFormatException(
        operation.config().where()
            + ": takes places of "
            + LayerConfig.shortened(argument.toString())
            + "; a whole number, or a list of at most "
            + MOST
            + " of them, is supported");
  }
}
