package dev.lanewise.engine.layer;

import java.util.List;

/** Which layers keep states from batch to batch, and what that asks of their model. */
final class KeptStates {
  private KeptStates() {}

  private static boolean areIn(Layer layer) {
    return switch (layer.unfrozen()) {
      case Recurrent recurrent -> recurrent.stateful();
      case Bidirectional both -> both.forward().stateful();
      default -> false; // has none
    };
  }

  /**
   * Returns the size of every batch, 0 where nothing is kept.
   *
   * @throws IllegalArgumentException naming a layer that keeps states of rows that are not known,
   *     or that do not belong to one call
   */
  static int batchSize(Graph graph) {
    int size = 0;
    List<Integer> sizes =
        graph.inputs().stream()
            .map(Graph.Input::batchSize)
            .filter(given -> given > 0)
            .distinct()
            .toList();
    for (int l = 0; l < graph.layers().size(); l++) {
      Layer layer = graph.layers().get(l);
      if (!areIn(layer)) {
        continue;
      }
      if (sizes.size() != 1) {
        throw new IllegalArgumentException(
            "model: "
                + layer.className()
                + " is stateful, and so the inputs need one batch size, found "
                + (sizes.isEmpty() ? "none" : sizes)
                + "; give it to Graph.Input");
      }
      if (graph.calls(l) > 1) {
        throw new IllegalArgumentException(
            "model: "
                + layer.className()
                + " is stateful and called "
                + graph.calls(l)
                + " times; states of several calls are not offered");
      }
      size = sizes.getFirst();
    }
    return size;
  }
}
