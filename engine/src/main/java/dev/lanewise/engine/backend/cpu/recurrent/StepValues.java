package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;

/** A run's gates of a recurrent layer, of every step or of the last few alone. */
final class StepValues implements StepBlocks {
  private final GateLayout gates;
  private final int kept;
  private final Tensor values;
  private int rows;

  /**
   * Takes the memory.
   *
   * @param kept how many steps have a place before the first is overwritten
   * @param rows the most rows of a step
   * @param blocks the blocks of a row
   */
  StepValues(RunContext context, String label, GateLayout gates, int kept, int rows, int blocks) {
    this.gates = gates;
    this.kept = kept;
    this.rows = rows;
    int width = gates.width(blocks);
    Shape shape = Shape.of(Math.multiplyExact(kept, rows), width);
    values = context.arena().tensor(label, shape, Kernels.stride(width));
  }

  /** Lets steps have so many rows, at most those that there is room for. */
  void layOut(int newRows) {
    rows = newRows;
  }

  @Override
  public Matrix at(int t, int block, int count) {
    return of(t, 1, block, count);
  }

  /** Returns the same of several steps, none of which overwrites another's place. */
  Matrix of(int t, int steps, int block, int count) {
    long first = (long) (t % kept) * rows;
    return values.matrix(first, steps * rows, gates.column(block), gates.width(count));
  }
}
