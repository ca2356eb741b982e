package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.Gru;

/**
 * The cell of {@link Gru} with reset after: three sums of inputs and three of states a unit, whose
 * gradients differ in the third; see gru_cell.cu.
 */
final class GruCell implements CudaCell {
  private final Walk walk;
  private final int f;
  private final int gate;
  private final long b;
  private final long later;
  private final GruGradients gradients;

  GruCell(Walk walk, Gru layer) {
    this.walk = walk;
    f = ActivationCode.of(layer.activation());
    gate = ActivationCode.of(layer.recurrentActivation());
    LayerMemory memory = walk.memory();
    b = memory.floats("states' sums of a candidate", walk.positions(), walk.units());
    later = memory.trainingFloats("gradients past the gates", 1, walk.units());
    gradients = new GruGradients(walk);
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
            .pointer(Walk.step(b, t, rows, walk.units()))
            .pointer(walk.after(t, rows))
            .pointer(walk.mask(t, rows))
            .pointer(products)
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(products == 0 ? walk.unitsBefore(t) : 0)
            .integer(f)
            .integer(gate);
    pass.calls().stepOfUnits("gru_forward", step, rows, walk.units());
  }

  @Override
  public void backward(CudaPass pass, int t) {
    int rows = pass.rows();
    boolean last = walk.isLast(t);
    long next = last ? 0 : gradients.byStates(t + 1, rows);
    long products = walk.droppedGradients(pass, t, next, walk.gates());
    Struct step =
        new Struct()
            .pointer(next)
            .pointer(walk.recurrentKernel())
            .pointer(walk.above(t, rows))
            .pointer(walk.before(t, rows))
            .pointer(walk.sums(t, rows))
            .pointer(Walk.step(b, t, rows, walk.units()))
            .pointer(later)
            .pointer(walk.gradients(t, rows))
            .pointer(gradients.byStates(t, rows))
            .pointer(walk.mask(t, rows))
            .pointer(products)
            .integer(walk.stride())
            .integer(rows)
            .integer(walk.units())
            .integer(last || products != 0 ? 0 : walk.width())
            .integer(f)
            .integer(gate);
    pass.calls().stepOfStates("gru_backward", step, rows, walk.units());
  }

  @Override
  public void stateGradients(CudaPass pass, long to) {
    walk.stateGradients(pass, gradients.byStates(0, pass.rows()), walk.gates(), later, to);
  }

  @Override
  public void weightGradients(CudaPass pass) {
    gradients.launch(pass);
  }
}
