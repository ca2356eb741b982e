package dev.lanewise.cuda.recurrent;

import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.List;
import java.util.stream.Stream;

/** How many of a model's walks over time are one launch: for whoever wants to know its path. */
public final class WalkPaths {
  private WalkPaths() {}

  /**
   * Returns it in a few words, empty for a model without walks.
   *
   * @param sharedBytes what the device can give to a block
   */
  public static String story(List<Layer> layers, int sharedBytes) {
    List<CellLayer> cells = layers.stream().flatMap(WalkPaths::cells).toList();
    long whole =
        cells.stream().filter(cell -> PersistentTiles.of(cell, sharedBytes) != null).count();
    return cells.isEmpty() ? "" : whole + " of " + cells.size() + " walks over time in one launch";
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
