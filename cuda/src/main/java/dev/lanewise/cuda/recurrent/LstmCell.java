package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.WeightGradient;
import dev.lanewise.engine.layer.Lstm;

/** The cell of {@link Lstm}: four sums a unit, and c beside h; see lstm_cell.cu. */
final class LstmCell implements CudaCell {
  private final Walk walk;
  private final int f;
  private final int gate;
  private final long c;
  private final long later;
  private final long carried;
  private final WeightGradient weightGradient;

  LstmCell(Walk walk, Lstm layer) {
    this.walk = walk;
    f = ActivationCode.of(layer.activation());
    gate = ActivationCode.of(layer.recurrentActivation());
    int before = walk.beginsWithStates() ? 1 : 0;
    c = walk.memory().floats("cell states", before + walk.positions(), walk.units());
    later = walk.memory().trainingFloats("gradients by a cell state", 1, walk.units());
    carried = walk.carried();
    weightGradient = walk.weightGradient(1);
  }

  @Override
  public long cellState(int t, int rows) {
    if (walk.beginsWithStates()) {
      return Walk.step(c, t + 1, rows, walk.units());
    }
    return t < 0 ? 0 : Walk.step(c, t, rows, walk.units());
  }

  @Override
  public long cellStateGradients() {
    return later;
  }

  @Override
  public void forward(CudaPass pass, int t) {
    int rows = pass.rows();
    long products = walk.droppedProducts(pass, t, walk.gates());
    Struct step =
        new Struct()
            .pointer(walk.before(t, rows))
            .pointer(walk.recurrentKernel())
            .pointer(walk.bias())
            .pointer(cellState(t - 1, rows))
            .pointer(walk.sums(t, rows))
            .pointer(cellState(t, rows))
            .pointer(walk.after(t, rows))
            .pointer(walk.mask(t, rows))
            .pointer(products)
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(products == 0 ? walk.unitsBefore(t) : 0)
            .integer(f)
            .integer(gate);
    pass.calls().stepOfUnits("lstm_forward", step, rows, walk.units());
  }

  @Override
  public void backward(CudaPass pass, int t) {
    int rows = pass.rows();
    boolean last = walk.isLast(t);
    long next = last ? 0 : walk.gradients(t + 1, rows);
    long products = walk.droppedGradients(pass, t, next, walk.gates());
    Struct step =
        new Struct()
            .pointer(next)
            .pointer(walk.recurrentKernel())
            .pointer(walk.above(t, rows))
            .pointer(walk.sums(t, rows))
            .pointer(cellState(t - 1, rows))
            .pointer(cellState(t, rows))
            .pointer(later)
            .pointer(carried)
            .pointer(walk.gradients(t, rows))
            .pointer(walk.mask(t, rows))
            .pointer(products)
            .integer(rows)
            .integer(walk.units())
            .integer(last || products != 0 ? 0 : walk.width())
            .integer(last && !walk.leavesStates() ? 0 : 1)
            .integer(f)
            .integer(gate);
    pass.calls().stepOfStates("lstm_backward", step, rows, walk.units());
  }

  @Override
  public void stateGradients(CudaPass pass, long to) {
    walk.stateGradients(pass, walk.gradients(0, pass.rows()), walk.gates(), carried, to);
  }

  @Override
  public void weightGradients(CudaPass pass) {
    walk.weightGradients(pass, weightGradient);
  }
}
