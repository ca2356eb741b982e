package dev.lanewise.bench.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The recurrent layer of the benchmark's model, in Keras's words and with Keras's defaults. */
public enum Cell {
  /** The founding model's. */
  SIMPLE_RNN("SimpleRNN(150)"),
  /** Long short-term memory. */
  LSTM("LSTM(150)"),
  /** The gated recurrent unit whose reset gate acts after the product, as PyTorch's does. */
  GRU("GRU(150)"),
  /** One walk from each end, their last states side by side: as wide as the others. */
  BIDIRECTIONAL_LSTM("Bidirectional(LSTM(75))");

  private final String layer;

  Cell(String layer) {
    this.layer = layer;
  }

  /**
   * Returns a cell by its name in lower case.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static Cell named(String name) {
    return Arrays.stream(values())
        .filter(cell -> cell.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "peers: cell: expected "
                        + Arrays.stream(values())
                            .map(Cell::toString)
                            .collect(Collectors.joining(", "))
                        + ", found "
                        + name));
  }

  /** Returns the layer as tables name it. */
  String layer() {
    return layer;
  }

  /** Returns the name by which it is asked for. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
