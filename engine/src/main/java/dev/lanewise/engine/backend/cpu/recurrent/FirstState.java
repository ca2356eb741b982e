package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state that a walk begins with, where others give it, or the batch before has left it. */
final class FirstState {
  private final CheckedKernels kernels;
  private final List<LayerRun> given;
  private final @Nullable KeptStates kept;
  private final @Nullable Matrix cellState;

  /**
   * Takes the memory.
   *
   * @param given the runs whose outputs are h and, where a cell has one, its cell state; none if
   *     they are what the layer has kept
   */
  private FirstState(
      CpuRecurrent layer, RunContext context, List<LayerRun> given, @Nullable KeptStates kept) {
    this.given = given;
    this.kept = kept;
    kernels = context.kernels();
    cellState =
        layer.states > 1
            ? context.matrix("cell state before", context.rows(), layer.weights.units).matrix()
            : null;
  }

  /** Returns the state, or null where a walk begins with zeros. */
  static @Nullable FirstState of(CpuRecurrent layer, RunContext context, List<LayerRun> given) {
    KeptStates kept = given.isEmpty() && context.training() ? layer.kept : null;
    return given.isEmpty() && kept == null ? null : new FirstState(layer, context, given, kept);
  }

  /** Returns where the cell state lies; absent where a cell has none. */
  @Nullable Matrix cellState() {
    return cellState;
  }

  /** Returns whether the state at a walk's end is the one that the next begins with. */
  boolean isKept() {
    return kept != null;
  }

  /** Takes the states over. */
  void begin(Pass pass, Matrix h) {
    if (kept != null) {
      kept.give(kernels, pass, 0, h);
      if (cellState != null) {
        kept.give(kernels, pass, 1, cellState);
      }
      return;
    }
    kernels.copy(pass.rows(), given.getFirst().outputs()[0], h);
    if (cellState != null) {
      kernels.copy(pass.rows(), given.getLast().outputs()[0], cellState);
    }
  }

  /** Keeps the states at the end of a walk, where they are to be. */
  void end(Pass pass, Matrix h, Cell cell, int last) {
    if (kept != null) {
      kept.take(kernels, pass, 0, h);
      if (cellState != null) {
        kept.take(kernels, pass, 1, cell.cellState(last));
      }
    }
  }

  /**
   * Has the cell, which has gone back through the first step, leave the gradients by the states,
   * where these are others'.
   *
   * @param gaps what waits of rows whose first steps are masked; absent where none are
   */
  void leave(int rows, Cell cell, @Nullable GapGradients gaps) {
    if (given.isEmpty()) {
      return;
    }
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
