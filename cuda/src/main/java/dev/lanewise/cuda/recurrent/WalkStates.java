package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaArithmetic;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The states that a walk begins with, where others give them or the batch before has left them, and
 * those that it ends with, where others read them: h and, where a cell has one, its cell state.
 */
final class WalkStates {
  private final Walk walk;
  private final CudaCell cell;
  private final List<CudaSource> given;
  private final List<Signal> kept = new ArrayList<>();
  private final List<Last> last = new ArrayList<>();

  /**
   * Takes the memory.
   *
   * @param count how many there are
   * @param given what gives them; none where they are zeros, or kept
   */
  WalkStates(Walk walk, CudaCell cell, int count, List<CudaSource> given) {
    this.walk = walk;
    this.cell = cell;
    this.given = given;
    for (int i = 0; i < count; i++) {
      if (walk.keepsStates()) {
        long values = Math.multiplyExact((long) walk.memory().maximumRows(), walk.units());
        kept.add(new Signal(walk.memory().arena().zeros("kept states", values), walk.units()));
      }
      if (walk.leavesStates()) {
        last.add(new Last(i));
      }
    }
  }

  /** A state after the last step, as a value that others read. */
  private final class Last implements CudaSource {
    private final int state;
    private final long gradients;

    Last(int state) {
      this.state = state;
      gradients = walk.memory().trainingFloats("gradients by a last state", 1, walk.units());
    }

    @Override
    public Signal outputs(int rows) {
      return after(state, walk.positions() - 1, rows);
    }

    @Override
    public long outputGradients() {
      return gradients;
    }
  }

  /** Returns a state after step {@code t}, or before the first. */
  private Signal after(int state, int t, int rows) {
    return state == 0
        ? new Signal(walk.after(t, rows), walk.stride())
        : new Signal(cell.cellState(t, rows), walk.units());
  }

  /** Returns what stays from batch to batch, [rows][units] each. */
  List<Signal> kept() {
    return kept;
  }

  /** Returns what others may read of a walk's end. */
  List<? extends CudaSource> last() {
    return last;
  }

  /** Launches what takes the states over, before the first step. */
  void begin(CudaPass pass) {
    int rows = pass.rows();
    for (int i = 0; i < kept.size(); i++) {
      copy(pass, kept.get(i), after(i, -1, rows));
    }
    for (int i = 0; i < given.size(); i++) {
      copy(pass, given.get(i).outputs(rows), after(i, -1, rows));
    }
  }

  /** Launches what keeps them, after the last step. */
  void end(CudaPass pass) {
    for (int i = 0; i < kept.size(); i++) {
      copy(pass, after(i, walk.positions() - 1, pass.rows()), kept.get(i));
    }
  }

  /** Launches what begins the way back with the gradients by what others have read. */
  void beginBack(CudaPass pass) {
    int units = walk.units();
    if (!last.isEmpty()) {
      long above = walk.above(walk.positions() - 1, pass.rows());
      CudaArithmetic.add(pass, last.getFirst().outputGradients(), above, 1, units);
    }
    if (last.size() > 1) {
      Signal gradients = new Signal(last.getLast().outputGradients(), units);
      copy(pass, gradients, new Signal(cell.cellStateGradients(), units));
    }
  }

  /** Launches the gradients by the states that others gave, after the first step has gone back. */
  void endBack(CudaPass pass) {
    if (!given.isEmpty() && given.getFirst().outputGradients() != 0) {
      cell.stateGradients(pass, given.getFirst().outputGradients());
    }
    if (given.size() > 1 && given.getLast().outputGradients() != 0) {
      int units = walk.units();
      Signal gradients = new Signal(cell.cellStateGradients(), units);
      copy(pass, gradients, new Signal(given.getLast().outputGradients(), units));
    }
  }

  private void copy(CudaPass pass, Signal from, Signal to) {
    int units = walk.units();
    pass.calls().feedOutputs(from, to.address(), to.stride(), pass.rows(), 1, units, 0, false);
  }
}
