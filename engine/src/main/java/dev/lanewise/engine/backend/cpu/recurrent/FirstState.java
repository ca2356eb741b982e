package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state that a walk begins with, where others give it. */
final class FirstState {
  private final CheckedKernels kernels;
  private final List<LayerRun> given;
  private final @Nullable Matrix cellState;

  /**
   * Takes the memory.
   *
   * @param given the runs whose outputs are h and, where a cell has one, its cell state
   */
  FirstState(RunContext context, List<LayerRun> given, int units) {
    this.given = given;
    kernels = context.kernels();
    cellState =
        given.size() > 1
            ? context.matrix("cell state before", context.rows(), units).matrix()
            : null;
  }

  /** Returns where the cell state lies; absent where a cell has none. */
  @Nullable Matrix cellState() {
    return cellState;
  }

  /** Takes the states over. */
  void begin(int rows, Matrix h) {
    kernels.copy(rows, given.getFirst().outputs()[0], h);
    if (cellState != null) {
      kernels.copy(rows, given.getLast().outputs()[0], cellState);
    }
  }

  /**
   * Has the cell, which has gone back through the first step, leave the gradients by the states.
   *
   * @param gaps what waits of rows whose first steps are masked; absent where none are
   */
  void leave(int rows, Cell cell, @Nullable GapGradients gaps) {
    Matrix[] dh = given.getFirst().outputGradients();
    if (dh.length > 0) {
      cell.leaveStateGradient(rows, dh[0]);
      if (gaps != null) {
        gaps.addTo(dh[0]);
      }
    }
    Matrix[] dc = given.getLast().outputGradients();
    if (cellState != null && dc.length > 0) {
      cell.leaveCellStateGradient(rows, dc[0]);
    }
  }
}
