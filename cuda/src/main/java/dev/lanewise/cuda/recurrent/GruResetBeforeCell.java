package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.WeightGradient;
import dev.lanewise.engine.layer.Gru;

/**
 * The cell of {@link Gru} with reset before: two products a step, one after the other; see
 * gru_reset_before_cell.cu.
 */
final class GruResetBeforeCell implements CudaCell {
  private static final int GATES = 2; // z, r: what multiplies the whole state

  private final Walk walk;
  private final int f;
  private final int gate;
  private final long reset;
  private final long later;
  private final WeightGradient weightGradient;

  GruResetBeforeCell(Walk walk, Gru layer) {
    this.walk = walk;
    f = ActivationCode.of(layer.activation());
    gate = ActivationCode.of(layer.recurrentActivation());
    reset = walk.memory().floats("states that are reset", walk.positions(), walk.units());
    later = walk.memory().trainingFloats("gradients past the gates", 1, walk.units());
    weightGradient = walk.weightGradient(1);
  }

  private Struct step(CudaPass pass, int t, long products) {
    int rows = pass.rows();
    GateDrops drops = walk.drops(pass);
    boolean last = walk.isLast(t);
    return new Struct()
        .pointer(walk.before(t, rows))
        .pointer(walk.recurrentKernel())
        .pointer(walk.bias())
        .pointer(walk.sums(t, rows))
        .pointer(Walk.step(reset, t, rows, walk.units()))
        .pointer(walk.after(t, rows))
        .pointer(last ? 0 : walk.gradients(t + 1, rows))
        .pointer(walk.above(t, rows))
        .pointer(later)
        .pointer(walk.gradients(t, rows))
        .pointer(walk.mask(t, rows))
        .pointer(products)
        .pointer(drops == null ? 0 : drops.ofStates(pass, GATES))
        .integer(walk.stride())
        .integer(walk.stride())
        .integer(rows)
        .integer(walk.units())
        .integer(walk.unitsBefore(t) == 0 ? 1 : 0)
        .integer(last ? 1 : 0)
        .integer(f)
        .integer(gate);
  }

  @Override
  public void forward(CudaPass pass, int t) {
    int rows = pass.rows();
    Struct step = step(pass, t, walk.droppedProducts(pass, t, GATES));
    pass.calls().stepOfUnits("gru_reset_forward", step, rows, walk.units());
    pass.calls().stepOfStates("gru_candidate_forward", step, rows, walk.units());
  }

  @Override
  public void backward(CudaPass pass, int t) {
    int rows = pass.rows();
    long next = walk.isLast(t) ? 0 : walk.gradients(t + 1, rows);
    Struct step = step(pass, t, walk.droppedGradients(pass, t, next, GATES));
    pass.calls().stepOfStates("gru_candidate_backward", step, rows, walk.units());
    pass.calls().stepOfStates("gru_reset_backward", step, rows, walk.units());
  }

  @Override
  public void stateGradients(CudaPass pass, long to) {
    walk.stateGradients(pass, walk.gradients(0, pass.rows()), GATES, later, to);
  }

  @Override
  public void weightGradients(CudaPass pass) {
    KernelCalls calls = pass.calls();
    int all = pass.rows(walk.positions());
    int width = walk.width();
    int units = walk.units();
    long gradients = walk.gradients(0, pass.rows());
    Signal dz = new Signal(gradients, width);
    int recurrent = walk.features() * width;
    int gates = GATES * units;
    Signal candidate = new Signal(gradients + (long) gates * Float.BYTES, width);
    GateDrops drops = walk.drops(pass);
    if (drops == null) {
      int features = walk.features();
      weightGradient.product(calls, walk.steps(), features, dz, width, 0, walk.stride(), all);
      weightGradient.product(calls, walk.states(), units, dz, gates, recurrent, 0, all);
    } else {
      int bias = walk.stride();
      for (int gate = 0; gate < GATES; gate++) {
        drops.weightGradient(pass, weightGradient, gate, 0, bias, gradients, bias);
      }
      drops.weightGradient(pass, weightGradient, GATES, 0, walk.features(), gradients, bias);
    }
    weightGradient.product(
        calls, new Signal(reset, units), units, candidate, units, recurrent + gates, 0, all);
    weightGradient.sum(calls, all);
  }
}
