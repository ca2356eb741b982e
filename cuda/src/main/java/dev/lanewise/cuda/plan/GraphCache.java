package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Graph;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The graphs of one kind of pass by the batch's samples: a full batch, a shorter last one, and a
 * few more where callers ask for many sizes, the least used of which goes when there are too many.
 * To record and instantiate one takes longer than many a pass, so that whoever is asked in any size
 * rounds it up ({@link #step}).
 */
final class GraphCache {
  private static final int MOST = 16;

  private final Device device;
  private final IntConsumer launches;
  private final Map<Integer, Graph> graphs = new LinkedHashMap<>(MOST, 0.75f, true);

  /**
   * Creates an empty cache, with the pass's kernels loaded: what the driver has against them shows
   * now and not in the middle of a run.
   *
   * @param launches gives a pass over so many samples to the stream
   */
  GraphCache(Device device, IntConsumer launches) {
    this.device = device;
    this.launches = launches;
    device.rehearse(() -> launches.accept(1));
  }

  /** Returns the next power of two: at most one row in two is computed for nothing. */
  static int step(int rows) {
    return rows == 1 ? 1 : Integer.highestOneBit(rows - 1) << 1;
  }

  void launch(int rows) {
    Graph graph = graphs.get(rows);
    if (graph == null) {
      if (graphs.size() == MOST) {
        Iterator<Graph> leastUsed = graphs.values().iterator();
        leastUsed.next().free();
        leastUsed.remove();
      }
      graph = Graph.capture(device, () -> launches.accept(rows));
      graphs.put(rows, graph);
    }
    graph.launch();
  }
}
