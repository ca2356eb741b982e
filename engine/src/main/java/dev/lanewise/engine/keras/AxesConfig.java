package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Operations along axes as they are read. Axes count the batch's, which is 0 and may not be among
 * them, and from the last if they are negative.
 */
final class AxesConfig {
  private static final String AXIS = "axis";
  private static final Set<String> ONE = Set.of("name", AXIS);
  private static final Set<String> REDUCED = Set.of("name", AXIS, "keepdims");
  private static final Set<String> SUMMED = Set.of("name", AXIS, "dtype");
  private static final Set<String> TWO = Set.of("name", "axis1", "axis2");
  private static final Set<String> MOVED = Set.of("name", "source", "destination");
  private static final Set<String> AXES = Set.of("name", "axes");
  private static final Set<String> SHAPE = Set.of("name", "newshape");
  private static final int OPEN = -1;

  private AxesConfig() {}

  /** Returns an axis of values of so many sizes, the batch's among them. */
  static int axis(Config config, String key, int sizes) {
    int axis = (int) config.whole(key, -sizes, sizes - 1L);
    int counted = axis < 0 ? axis + sizes : axis;
    if (counted == 0) {
      throw config.wrong(key, "another axis than the batch's");
    }
    return counted;
  }

  /** Returns one axis or several in a list, in order. */
  static List<Integer> axes(Config config, String key, int sizes) {
    if (!config.has(key)) {
      throw config.wrong(key, "axes, of which the batch's is none");
    }
    if (!(config.json().get(key) instanceof JsonArray several)) {
      return List.of(axis(config, key, sizes));
    }
    Set<Integer> axes = new TreeSet<>();
    for (JsonElement each : several) {
      if (!axes.add(axis(config.element(key, each), key, sizes))) {
        throw config.wrong(key, "different axes");
      }
    }
    return List.copyOf(axes);
  }

  static Operation reduction(Reduction.Kind kind, Config config, int rank) {
    config.requireKnown(REDUCED);
    List<Integer> axes = axes(config, AXIS, rank + 1);
    return new Reduction(kind, axes, config.bool("keepdims", false));
  }

  static Operation softmax(Config config, int rank) {
    config.requireKnown(ONE);
    int axis = config.has(AXIS) ? axis(config, AXIS, rank + 1) : rank;
    return axis == rank ? new Activated(Activation.SOFTMAX) : new SoftmaxOver(axis);
  }

  static Cumsum summed(Config config, int rank) {
    config.requireKnown(SUMMED);
    if (config.has("dtype") && !config.string("dtype").equals("float32")) {
      throw config.wrong("dtype", "float32");
    }
    return new Cumsum(axis(config, AXIS, rank + 1));
  }

  /** Of a list, or of two values, which are put behind one another. */
  static Operation joined(OperationNode operation, List<Shape> read) {
    Config config = operation.config();
    String type = operation.type();
    boolean two = type.equals("Append");
    boolean list = operation.arguments(two ? 2 : 1).getFirst() instanceof JsonArray;
    boolean told = config.has(AXIS) || type.equals("Hstack");
    config.requireKnown(ONE);
    if (list == two || !told || (two && read.size() != 2)) {
      throw new ModelFormatException(
          config.where() + ": must be of a list, along another axis than the batch's");
    }
    boolean stacked = type.equals("Stack");
    int sizes = read.getFirst().rank() + (stacked ? 2 : 1);
    return new Joined(config.has(AXIS) ? axis(config, AXIS, sizes) : 1, stacked);
  }

  /** The number of steps may be another another time, and so is what is left. */
  static List<Integer> open(Shape input) {
    List<Integer> sizes = new ArrayList<>();
    sizes.add(OPEN);
    for (int size = 1; size < input.rank(); size++) {
      sizes.add(input.size(size));
    }
    return sizes;
  }

  static Reshape expanded(Config config, Shape input) {
    config.requireKnown(ONE);
    List<Integer> sizes = open(input);
    int axis = axis(config, AXIS, input.rank() + 2);
    sizes.add(axis - 1, 1);
    return new Reshape(sizes);
  }

  /** Of one number a sample, which has a size of 1 here anyway. */
  static Reshape expandedSingle(Config config) {
    config.requireKnown(ONE);
    int axis = (int) config.whole(AXIS, -2, 1);
    if (axis != -1 && axis != 1) {
      throw config.wrong(AXIS, "another axis than the batch's");
    }
    return new Reshape(List.of(1));
  }

  static Layer squeezed(Config config, Shape input) {
    config.requireKnown(ONE);
    List<Integer> sizes = open(input);
    List<Integer> axes = axes(config, AXIS, input.rank() + 1);
    for (int axis : axes.reversed()) {
      if (input.size(axis - 1) != 1) {
        throw config.wrong(AXIS, "of sizes of 1 in [batch], " + input);
      }
      sizes.subList(axis - 1, axis).clear();
    }
    if (sizes.isEmpty()) { // one number a sample
      return new GetItem(Collections.nCopies(axes.size(), new GetItem.Index(0)));
    }
    if (!sizes.contains(OPEN)) {
      sizes.set(0, OPEN); // the first was squeezed
    }
    return new Reshape(sizes);
  }

  /** The batch's size must be left to what comes, and nothing else. */
  static Reshape reshaped(Config config, Shape input) {
    config.requireKnown(SHAPE);
    List<Integer> sizes = new ArrayList<>();
    for (JsonElement each : config.array("newshape")) {
      sizes.add((int) config.element("newshape", each).whole("newshape", OPEN, 1 << 24));
    }
    long elements = sizes.stream().skip(1).mapToLong(size -> size).reduce(1, (a, b) -> a * b);
    if (sizes.size() < 2 || sizes.getFirst() != OPEN || elements != input.elementCount()) {
      throw config.wrong("newshape", "-1 and sizes of as many elements as [batch], " + input);
    }
    return new Reshape(sizes.subList(1, sizes.size()));
  }

  static Permute transposed(Config config, int rank) {
    config.requireKnown(AXES);
    List<JsonElement> order = config.has("axes") ? config.array("axes") : List.of();
    if (order.size() != rank + 1
        || config.element("axes", order.getFirst()).whole("axes", -rank - 1L, rank) % (rank + 1)
            != 0) {
      throw config.wrong("axes", "all axes, the batch's first");
    }
    List<Integer> dims = new ArrayList<>();
    for (JsonElement each : order.subList(1, order.size())) {
      dims.add(axis(config.element("axes", each), "axes", rank + 1));
    }
    return new Permute(dims);
  }

  static Permute swapped(Config config, int rank) {
    config.requireKnown(TWO);
    List<Integer> dims = new ArrayList<>(IntStream.rangeClosed(1, rank).boxed().toList());
    Collections.swap(
        dims, axis(config, "axis1", rank + 1) - 1, axis(config, "axis2", rank + 1) - 1);
    return new Permute(dims);
  }

  /** One axis goes to another place, or several in lists of as many. */
  static Permute moved(Config config, int rank) {
    config.requireKnown(MOVED);
    List<Integer> from = listed(config, "source", rank + 1);
    List<Integer> to = listed(config, "destination", rank + 1);
    if (from.size() != to.size()) {
      throw config.wrong("destination", "as many axes as source");
    }
    Integer[] order = new Integer[rank];
    for (int i = 0; i < from.size(); i++) {
      order[to.get(i) - 1] = from.get(i);
    }
    List<Integer> others =
        new ArrayList<>(
            IntStream.rangeClosed(1, rank).boxed().filter(axis -> !from.contains(axis)).toList());
    for (int place = 0; place < rank; place++) {
      order[place] = order[place] == null ? others.removeFirst() : order[place];
    }
    return new Permute(List.of(order));
  }

  /** Returns axes as a file has them, each once. */
  private static List<Integer> listed(Config config, String key, int sizes) {
    if (!config.has(key)) {
      throw config.wrong(key, "axes, of which the batch's is none");
    }
    List<Integer> axes = new ArrayList<>();
    JsonElement value = config.json().get(key);
    for (JsonElement each :
        value instanceof JsonArray several ? several.asList() : List.of(value)) {
      axes.add(axis(config.element(key, each), key, sizes));
    }
    if (axes.stream().distinct().count() < axes.size()) {
      throw config.wrong(key, "different axes");
    }
    return axes;
  }

  static GetItem flipped(Config config, int rank) {
    config.requireKnown(ONE);
    List<Integer> axes = axes(config, AXIS, rank + 1);
    return new GetItem(
        IntStream.rangeClosed(1, rank)
            .<GetItem.Part>mapToObj(
                axis -> axes.contains(axis) ? new Slice(null, null, -1) : Slice.ALL)
            .toList());
  }
}
