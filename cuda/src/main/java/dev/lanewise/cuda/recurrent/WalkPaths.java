package dev.lanewise.cuda.recurrent;

import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.stream.Stream;

/** How many of a model's walks over time are one launch: for whoever wants to know its path. */
public final class WalkPaths {
  private WalkPaths() {}

  /**
   * Returns it in a few words, empty for a model without walks. Under a mask, or from states that
   * are given, steps go one by one.
   *
   * @param sharedBytes what the device can give to a block
   */
  public static String story(Graph graph, int sharedBytes) {
    int all = 0;
    int whole = 0;
    for (int i = 0; i < graph.layers().size(); i++) {
      for (CellLayer cell : cells(graph.layers().get(i)).toList()) {
        all++;
        whole += goesStepByStep(graph, i) || PersistentTiles.of(cell, sharedBytes) == null ? 0 : 1;
      }
    }
    return all == 0 ? "" : whole + " of " + all + " walks over time in one launch";
  }

  private static boolean goesStepByStep(Graph graph, int index) {
    Layer layer = graph.layers().get(index);
    return graph.nodes().stream()
        .filter(node -> node.layer() == index)
        .anyMatch(
            node ->
                node.reads().size() > 1
                    || graph.masks().of(MaskFlow.heeded(layer, node, 0)) != null);
  }

  private static Stream<CellLayer> cells(Layer layer) {
    return switch (layer.unfrozen()) {
      case CellLayer cell -> Stream.of(cell);
      case Bidirectional both ->
          Stream.of(both.forward(), both.backward()).flatMap(WalkPaths::cells);
      case Rnn rnn -> rnn.layers().stream().flatMap(WalkPaths::cells);
      case TimeDistributed each -> cells(each.layer());
      default -> Stream.of();
    };
  }
}
