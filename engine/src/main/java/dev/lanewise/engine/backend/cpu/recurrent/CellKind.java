package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;

/**
 * What has to be known of a recurrent layer's cell before there is one.
 *
 * @param gates how its gates lie
 * @param sumsInState whether its sums become the state where they are
 * @param kept the blocks that it keeps of each step beside the state, its gates first unless their
 *     sums are in the state
 * @param kernelGates the block of each of Keras's gates in the kernel
 * @param recurrentGates and in the recurrent kernel
 * @param biases the rows of its bias: one, or one of the kernel and one of the recurrent kernel
 * @param maker makes it
 */
record CellKind(
    GateLayout gates,
    boolean sumsInState,
    int kept,
    List<Integer> kernelGates,
    List<Integer> recurrentGates,
    int biases,
    Maker maker) {
  /** Makes a cell for one walk of one worker. */
  @FunctionalInterface
  interface Maker {
    /** Makes it, with room of its own. */
    Cell cell(GateWeights weights, CellRoom room);
  }

  /** Returns the kind of a layer's cell. */
  static CellKind of(CellLayer layer) {
    return switch (layer) {
      case SimpleRnn rnn -> SimpleCell.kind(rnn);
      case Lstm lstm -> LstmCell.kind(lstm);
      case Gru gru -> gru.resetAfter() ? GruCell.kind(gru) : GruResetBeforeCell.kind(gru);
    };
  }
}
