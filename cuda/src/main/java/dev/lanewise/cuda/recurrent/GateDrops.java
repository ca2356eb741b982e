package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.DropRate;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.WeightGradient;
import dev.lanewise.engine.layer.CellLayer;

/**
 * What each gate of a walk does without, of inputs and of states (Gal and Ghahramani 2016, as Keras
 * does it), in batches that train; others drop nothing and do without this. See gate_drops.cu.
 *
 * <p>Products of states are made here, before a cell's step, for its first gates, Keras's order.
 */
final class GateDrops {
  private final Walk walk;
  private final long key;
  private final DropRate ofInputs;
  private final DropRate ofStates;
  private final long factors;
  private final long products;
  private final long passed;
  private final long left;

  /** Takes the memory. */
  GateDrops(Walk walk, CellLayer layer) {
    this.walk = walk;
    LayerMemory memory = walk.memory();
    key = memory.key();
    ofInputs = DropRate.of(layer.dropout());
    ofStates = DropRate.of(layer.recurrentDropout());
    factors = memory.floats("factors of gates", walk.gates(), walk.stride());
    products = memory.floats("products of states that gates drop", 1, walk.width());
    passed = memory.trainingFloats("gradients by states that gates drop", 1, walk.units());
    left = memory.trainingFloats("what a gate drops nothing of", walk.positions(), walk.stride());
  }

  /** Launches the draws of a batch. */
  void draw(CudaPass pass) {
    Struct draws =
        new Struct()
            .pointer(key)
            .pointer(factors)
            .integer(walk.gates())
            .integer(pass.rows())
            .integer(walk.features())
            .integer(walk.units())
            .integer(ofInputs.threshold())
            .integer(ofStates.threshold())
            .real(ofInputs.kept())
            .real(ofStates.kept());
    Arguments arguments = new Arguments().pointer(pass.batch()).struct(draws);
    pass.calls().rows("draw_gate_factors", walk.gates() * pass.rows(), arguments);
  }

  /** Launches the inputs' part of the sums of all steps. */
  void inputSums(CudaPass pass) {
    int count = pass.rows(walk.positions());
    int features = walk.features();
    Struct inputs = factors(pass, 0, 0).pointer(walk.steps().address()).pointer(walk.kernel());
    launchProducts(pass, inputs, walk.sums(0, pass.rows()), count, features, walk.gates());
  }

  /**
   * Launches the products of the states before step {@code t}.
   *
   * @param gates how many gates have them
   * @return their address, [rows][width], 0 where those states are zeros
   */
  long stateProducts(CudaPass pass, int t, int gates) {
    if (walk.unitsBefore(t) == 0) {
      return 0;
    }
    Struct states =
        factors(pass, 0, walk.features())
            .pointer(walk.before(t, pass.rows()))
            .pointer(walk.recurrentKernel());
    launchProducts(pass, states, products, pass.rows(), walk.units(), gates);
    return products;
  }

  private void launchProducts(
      CudaPass pass, Struct of, long sums, int count, int inner, int gates) {
    of.pointer(sums)
        .integer(walk.stride())
        .integer(count)
        .integer(inner)
        .integer(walk.units())
        .integer(walk.width());
    pass.calls().productsOfGates("gate_products", of, count, walk.units(), gates);
  }

  /**
   * Launches the gradients by the states before a step.
   *
   * @param bySums those by its sums, [rows][width]
   * @param gates how many gates have products of the states
   * @return their address, [rows][units]
   */
  long stateGradients(CudaPass pass, long bySums, int gates) {
    stateGradients(pass, bySums, gates, 0, passed);
    return passed;
  }

  /**
   * The same with what comes to the states by other ways, 0 for nothing.
   *
   * @param to where they go
   */
  void stateGradients(CudaPass pass, long bySums, int gates, long byOthers, long to) {
    Struct states =
        factors(pass, 0, walk.features()).pointer(bySums).pointer(walk.recurrentKernel());
    launchGradients(pass, states, byOthers, to, pass.rows(), walk.units(), gates);
  }

  /** Launches the gradients by the inputs of all steps. */
  void inputGradients(CudaPass pass, long to) {
    int count = pass.rows(walk.positions());
    Struct inputs =
        factors(pass, 0, 0).pointer(walk.gradients(0, pass.rows())).pointer(walk.kernel());
    launchGradients(pass, inputs, 0, to, count, walk.features(), walk.gates());
  }

  private void launchGradients(
      CudaPass pass, Struct of, long byOthers, long to, int count, int columns, int gates) {
    of.pointer(byOthers)
        .pointer(to)
        .integer(count)
        .integer(columns)
        .integer(gates)
        .integer(walk.units())
        .integer(walk.width());
    pass.calls().stepOfStates("gate_gradients", of, count, columns);
  }

  /**
   * Launches a gate's part of the weights' gradients, for columns of the rows of {@link
   * Walk#steps}.
   *
   * @param first the first column: 0, or the first of the states
   * @param count the columns
   * @param bySums gradients by the sums of all gates
   * @param bias the row of the bias that belongs to them
   */
  void weightGradient(
      CudaPass pass, WeightGradient of, int gate, int first, int count, long bySums, int bias) {
    int all = pass.rows(walk.positions());
    int ofGate = gate * walk.units();
    Arguments drop =
        new Arguments()
            .pointer(walk.steps().address() + (long) first * Float.BYTES)
            .integer(walk.stride())
            .pointer(left)
            .integer(all)
            .integer(count)
            .struct(factors(pass, gate, first));
    pass.calls().rows("drop_of_gate", all, drop);
    Signal dz = new Signal(bySums + (long) ofGate * Float.BYTES, walk.width());
    Signal kept = new Signal(left, count);
    int at = first * walk.width() + ofGate;
    of.product(pass.calls(), kept, count, dz, walk.units(), at, bias, all);
  }

  /** Returns the address of a gate's factors for the states; rows have {@link Walk#stride}. */
  long ofStates(CudaPass pass, int gate) {
    return address(pass, gate, walk.features());
  }

  private long address(CudaPass pass, int gate, int first) {
    return factors + ((long) gate * pass.rows() * walk.stride() + first) * Float.BYTES;
  }

  /** Returns a structure that begins with the factors from a gate and a column on. */
  private Struct factors(CudaPass pass, int gate, int first) {
    return new Struct()
        .pointer(address(pass, gate, first))
        .integer(walk.stride())
        .integer(pass.rows());
  }
}
