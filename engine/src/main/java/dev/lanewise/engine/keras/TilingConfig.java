package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Values several times in a row along axes: as a whole, or each of their parts, as they are read.
 */
final class TilingConfig {
  /** The classes. */
  static final Set<String> CLASSES = Set.of("Tile", "Repeat");

  private static final String AXIS = "axis";
  private static final String REPEATS = "repeats";
  private static final Set<String> REPEATED = Set.of("name", AXIS, REPEATS);
  private static final Set<String> TILED = Set.of("name", REPEATS);
  private static final int MOST_REPEATS = 1 << 24;
  private static final int MOST_COPIES = 1024;

  private final Config config;
  private final CompoundOperation.Graph graph;

  private TilingConfig(Config config, CompoundOperation.Graph graph) {
    this.config = config;
    this.graph = graph;
  }

  /** Returns the most operations that it is. */
  static int most(OperationNode operation) {
    return operation.type().equals("Tile") ? tiles(operation.config()).size() : 2;
  }

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, int x, CompoundOperation.Graph graph) {
    operation.arguments(1);
    TilingConfig tiling = new TilingConfig(operation.config(), graph);
    return operation.type().equals("Tile") ? tiling.tiled(x) : tiling.repeated(x);
  }

  private static List<Integer> tiles(Config config) {
    config.requireKnown(TILED);
    return config.array(REPEATS).stream()
        .map(each -> (int) config.element(REPEATS, each).whole(REPEATS, 1, MOST_REPEATS))
        .toList();
  }

  private int tiled(int x) {
    List<Integer> repeats = new ArrayList<>(tiles(config));
    int sizes = graph.shape(x).rank() + 1;
    while (repeats.size() < sizes) {
      repeats.addFirst(1); // as NumPy has it
    }
    if (repeats.size() > sizes || repeats.getFirst() != 1) {
      throw config.wrong(REPEATS, "a number for each of " + sizes + " axes, 1 for the batch's");
    }
    int y = x;
    for (int axis = 1; axis < sizes; axis++) {
      int times = repeats.get(axis);
      boolean ofOne = axis == 1 && sizes == 3 && graph.shape(x).size(0) == 1;
      if (times > 1) {
        y = ofOne && !graph.isOpen(x) ? steps(y, times) : copies(y, axis, false, times);
      }
    }
    return y;
  }

  private int repeated(int x) {
    config.requireKnown(REPEATED);
    Shape shape = graph.shape(x);
    int axis = AxesConfig.axis(config, AXIS, shape.rank() + 1);
    int times = (int) config.whole(REPEATS, 1, MOST_REPEATS);
    if (axis == 1 && shape.rank() == 2) {
      return steps(x, times);
    }
    int stack = copies(x, axis + 1, true, times);
    List<Integer> sizes = AxesConfig.open(shape);
    if (axis > 1) {
      sizes.set(axis - 1, size(shape, axis, times));
    }
    return graph.put(new Reshape(sizes), List.of(stack));
  }

  private int steps(int x, int times) {
    return graph.put(new UpSampling1D(times), List.of(x));
  }

  private int size(Shape shape, int axis, int times) {
    long size = (long) shape.size(axis - 1) * times;
    if (size > MOST_REPEATS) {
      throw config.wrong(REPEATS, "fewer, of a size of " + shape.size(axis - 1));
    }
    return (int) size;
  }

  private int copies(int x, int axis, boolean stacked, int times) {
    if (times > MOST_COPIES) {
      throw config.wrong(REPEATS, "at most " + MOST_COPIES + ", but for steps of one value");
    }
    if (!stacked) {
      size(graph.shape(x), axis, times);
    }
    return graph.put(new Joined(axis, stacked), Collections.nCopies(times, x));
  }
}
