package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * How the gates of a recurrent layer lie side by side in the columns of its weights, sums and
 * gradients: one block of {@code units} columns each, beginning at a multiple of whole vectors, so
 * that what is done to a gate ends before the next. Between the blocks weights are zero and stay
 * so.
 *
 * @param units the width of a gate
 * @param blocks how many there are
 * @param inputOnly how many at the beginning sum inputs alone
 * @param stateOnly how many behind them and the common ones sum states alone
 * @param inner how many at the end, 0 or 1, sum inputs and something that is made of the state
 */
record GateLayout(int units, int blocks, int inputOnly, int stateOnly, int inner) {
  /** Returns blocks that all sum inputs and states. */
  static GateLayout joined(int units, int blocks) {
    return new GateLayout(units, blocks, 0, 0, 0);
  }

  /** Returns how many blocks sum inputs and states. */
  int both() {
    return blocks - inputOnly - stateOnly - inner;
  }

  /** Returns whether a block is an inner one. */
  boolean isInner(int block) {
    return block >= blocks - inner;
  }

  /** Returns the first column of a block. */
  int column(int block) {
    return block == 0 ? 0 : Math.multiplyExact(block, Kernels.padded(units));
  }

  /** Returns the columns from the first of a block to the last of another, {@code count} in all. */
  int width(int count) {
    return Math.addExact(column(count - 1), units);
  }

  /** Returns the columns of all blocks. */
  int columns() {
    return width(blocks);
  }

  /**
   * Returns some rows of a parameter that has these columns, as Keras has them.
   *
   * @param blocksOfKeras the block of each of Keras's gates
   */
  ParameterView view(CpuParameter parameter, int firstRow, int rows, List<Integer> blocksOfKeras) {
    List<ParameterView.Piece> pieces = new ArrayList<>();
    for (int block : blocksOfKeras) {
      int atColumn = pieces.size() * units;
      pieces.add(new ParameterView.Piece(firstRow, rows, column(block), units, 0, atColumn));
    }
    return new ParameterView(parameter, Math.multiplyExact(blocksOfKeras.size(), units), pieces);
  }
}
