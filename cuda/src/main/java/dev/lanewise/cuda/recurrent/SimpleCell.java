package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.WeightGradient;
import dev.lanewise.engine.layer.SimpleRnn;

/** The cell of {@link SimpleRnn}: one sum a unit, and its function; see simple_cell.cu. */
final class SimpleCell implements CudaCell {
  private final Walk walk;
  private final int f;
  private final long carried;
  private final WeightGradient weightGradient;

  SimpleCell(Walk walk, SimpleRnn layer) {
    this.walk = walk;
    f = ActivationCode.of(layer.activation());
    carried = walk.carried();
    weightGradient = walk.weightGradient(1);
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
            .pointer(walk.sums(t, rows))
            .pointer(walk.after(t, rows))
            .pointer(walk.mask(t, rows))
            .pointer(products)
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(products == 0 ? walk.unitsBefore(t) : 0)
            .integer(f);
    pass.calls().stepOfStates("simple_forward", step, rows, walk.units());
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
            .pointer(walk.after(t, rows))
            .pointer(carried)
            .pointer(walk.gradients(t, rows))
            .pointer(walk.mask(t, rows))
            .pointer(products)
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(last || products != 0 ? 0 : walk.units())
            .integer(f);
    pass.calls().stepOfStates("simple_backward", step, rows, walk.units());
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
