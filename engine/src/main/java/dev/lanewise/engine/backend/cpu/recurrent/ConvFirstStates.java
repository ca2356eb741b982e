package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/** The states that a walk of {@link CpuConvLstm} begins with, where others give them. */
final class ConvFirstStates {
  private final CpuConvLstm layer;

  /** Those whose outputs are h and c; none where the walk begins with zeros. */
  private final List<LayerRun> given;

  private final Matrix[] h;
  private final Matrix[] c;
  private final Matrix[] dc;
  private final Matrix allDc;

  /** Takes the memory. */
  ConvFirstStates(CpuConvLstm layer, RunContext context, List<LayerRun> given) {
    this.layer = layer;
    this.given = given;
    boolean back = !given.isEmpty() && context.training();
    h = room(context, "state before", !given.isEmpty());
    c = room(context, "cell state before", !given.isEmpty());
    dc = room(context, "gradient by the cell state before", back);
    allDc = back ? PlacedSteps.together(dc) : layer.zeroUnits();
  }

  private Matrix[] room(RunContext context, String label, boolean wanted) {
    return wanted ? context.signals(label, layer.places(), layer.units()) : new Matrix[0];
  }

  /** Returns whether there are any. */
  boolean any() {
    return !given.isEmpty();
  }

  /** Returns the state at each place; none where it is zero. */
  Matrix[] h() {
    return h;
  }

  /** Has a cell begin with them. */
  void show(CellRoom room) {
    if (any()) {
      room.beginWith(PlacedSteps.together(h), PlacedSteps.together(c));
    }
  }

  /** Takes them over. */
  void begin(CheckedKernels kernels, int count) {
    for (int place = 0; place < h.length; place++) {
      kernels.copy(count, given.getFirst().outputs()[place], h[place]);
      kernels.copy(count, given.getLast().outputs()[place], c[place]);
    }
  }

  /** Has a cell that has gone back through the first step leave the gradients by them. */
  void leave(CheckedKernels kernels, int count, Cell cell, ConvProducts products) {
    if (dc.length == 0) {
      return;
    }
    cell.leaveCellStateGradient(allDc.rows(), allDc);
    Matrix[] byState = given.getFirst().outputGradients();
    Matrix[] byCellState = given.getLast().outputGradients();
    for (int place = 0; place < byState.length; place++) {
      products.firstStateGradient(place, count, layer.zeroUnits(), byState[place]);
    }
    for (int place = 0; place < byCellState.length; place++) {
      kernels.copy(count, dc[place], byCellState[place]);
    }
  }
}
