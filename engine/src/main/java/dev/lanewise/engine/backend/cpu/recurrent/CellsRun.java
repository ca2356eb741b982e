package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several cells at work one upon the other: the outputs are the last one's. */
final class CellsRun implements LayerRun {
  private final LayerRun[] cells;
  private final LayerRun lowest;
  private final LayerRun last;
  private final List<LayerRun> states;

  /**
   * Creates it.
   *
   * @param cells their runs, the lowest first
   * @param states the last states of all cells where they are outputs too
   */
  CellsRun(List<LayerRun> cells, List<LayerRun> states) {
    this.cells = cells.toArray(LayerRun[]::new);
    this.states = List.copyOf(states);
    lowest = cells.getFirst();
    last = cells.getLast();
  }

  @Override
  public void layOut(int rows) {
    for (LayerRun cell : cells) {
      cell.layOut(rows);
    }
  }

  @Override
  public Matrix[] inputs() {
    return lowest.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return last.outputs();
  }

  @Override
  public Matrix[] outputGradients() {
    return last.outputGradients();
  }

  @Override
  public LayerRun output(int index) {
    return index == 0 ? this : states.get(index - 1);
  }

  @Override
  public List<Matrix> state() {
    return Arrays.stream(cells).flatMap(cell -> cell.state().stream()).toList();
  }

  @Override
  public @Nullable StepMask mask() {
    return last.mask();
  }

  @Override
  public void forward(Pass pass) {
    for (LayerRun cell : cells) {
      cell.forward(pass);
    }
  }

  @Override
  public void backward(Pass pass) {
    for (int c = cells.length - 1; c >= 0; c--) {
      cells[c].backward(pass);
    }
  }
}
