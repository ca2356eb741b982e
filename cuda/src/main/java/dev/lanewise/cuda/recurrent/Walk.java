package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.WeightGradient;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk over time keeps what its cell works on. A row of {@code steps} is x_t and h_{t-1}
 * side by side, and h_t lies where the next step reads it, so that after the last step all rows are
 * there for the weights' gradients.
 */
final class Walk {
  private final LayerMemory memory;
  private final int positions;
  private final int features;
  private final int units;
  private final int gates;
  private final boolean biased;
  private final boolean sequences;
  private final boolean maskBackwards;
  private final boolean keepsStates;
  private final boolean beginsWithStates;
  private final boolean leavesStates;
  private final long steps;
  private final long sums;
  private final long gradients;
  private final long outputGradients;
  private final @Nullable GateDrops drops;

  /**
   * Takes the buffers.
   *
   * @param gates the sums of a unit
   * @param given whether others give the states that it begins with
   * @param maskBackwards whether its first step is the last of the mask
   */
  Walk(
      LayerMemory memory,
      CellLayer layer,
      Shape input,
      int gates,
      boolean given,
      boolean maskBackwards) {
    this.memory = memory;
    this.gates = gates;
    this.maskBackwards = maskBackwards;
    positions = input.size(0);
    features = input.size(1);
    units = layer.units();
    biased = layer.useBias();
    sequences = layer.returnSequences();
    keepsStates = layer.stateful() && memory.training() && !given;
    beginsWithStates = given || keepsStates;
    leavesStates = layer.returnState();
    steps = memory.floats("inputs and states of a recurrent layer", positions + 1L, stride());
    sums = memory.floats("sums of a recurrent layer", positions, width());
    gradients = memory.trainingFloats("gradients by a recurrent layer's sums", positions, width());
    outputGradients =
        memory.trainingFloats(
            "gradients by a recurrent layer's outputs", sequences ? positions : 1, units);
    boolean gatesDrop = memory.training() && layer.recurrentDropout() > 0;
    drops = gatesDrop ? new GateDrops(this, layer) : null;
  }

  /** Returns what its gates do without in a pass, null where that is nothing. */
  @Nullable GateDrops drops(CudaPass pass) {
    return pass.training() ? drops : null;
  }

  LayerMemory memory() {
    return memory;
  }

  int positions() {
    return positions;
  }

  int features() {
    return features;
  }

  int units() {
    return units;
  }

  int gates() {
    return gates;
  }

  /** Returns whether its first step is the last of the mask. */
  boolean maskBackwards() {
    return maskBackwards;
  }

  boolean sequences() {
    return sequences;
  }

  /** Returns whether it goes on from the states that the batch before has left. */
  boolean keepsStates() {
    return keepsStates;
  }

  /** Returns whether it begins with other states than zeros. */
  boolean beginsWithStates() {
    return beginsWithStates;
  }

  /** Returns whether others read the states that it ends with. */
  boolean leavesStates() {
    return leavesStates;
  }

  /** Returns how many units there are before step t that are not known to be zero. */
  int unitsBefore(int t) {
    return t == 0 && !beginsWithStates ? 0 : units;
  }

  boolean biased() {
    return biased;
  }

  /** Returns the columns of all gates. */
  int width() {
    return gates * units;
  }

  /** Returns the floats from row to row of {@link #steps}, and of the states there. */
  int stride() {
    return features + units;
  }

  /** Returns the address of the kernel, [features][width]. */
  long kernel() {
    return memory.weights();
  }

  /** Returns the address of the recurrent kernel, [units][width]. */
  long recurrentKernel() {
    return memory.weights() + (long) features * width() * Float.BYTES;
  }

  /** Returns the address of what lies behind it, 0 where there is no bias. */
  long bias() {
    return biased ? memory.weights() + (long) stride() * width() * Float.BYTES : 0;
  }

  /** Returns x_t and h_{t-1} of all steps. */
  Signal steps() {
    return new Signal(steps, stride());
  }

  /** Returns h_{t-1} of all steps. */
  Signal states() {
    return new Signal(before(0, 0), stride());
  }

  /** Returns the address of h_{t-1}. */
  long before(int t, int rows) {
    return steps + ((long) t * rows * stride() + features) * Float.BYTES;
  }

  /** Returns the address of h_t. */
  long after(int t, int rows) {
    return before(t + 1, rows);
  }

  /**
   * Launches the products of the states before step {@code t}, where gates drop some of these.
   *
   * @param of the gates that have them
   * @return their address, 0 where the step's own kernel multiplies
   */
  long droppedProducts(CudaPass pass, int t, int of) {
    GateDrops dropped = drops(pass);
    return dropped == null ? 0 : dropped.stateProducts(pass, t, of);
  }

  /**
   * Launches the gradients by the state after step {@code t}, where gates drop some of it.
   *
   * @param bySums those by the sums of the step after
   * @param of the gates whose sums the state is multiplied for
   * @return their address, 0 where the step's own kernel multiplies, or no step comes after
   */
  long droppedGradients(CudaPass pass, int t, long bySums, int of) {
    GateDrops dropped = drops(pass);
    return dropped == null || isLast(t) ? 0 : dropped.stateGradients(pass, bySums, of);
  }

  /** Returns the address of the sums of step t, [rows][width]. */
  long sums(int t, int rows) {
    return step(sums, t, rows, width());
  }

  /** Returns the address of the gradients by the sums of step t, [rows][width]. */
  long gradients(int t, int rows) {
    return step(gradients, t, rows, width());
  }

  /** Returns the address of the gradients by h_t from the layer above, 0 where it takes no h_t. */
  long above(int t, int rows) {
    if (sequences) {
      return step(outputGradients, t, rows, units);
    }
    return isLast(t) ? outputGradients : 0;
  }

  /** Returns the address of which rows count at step t, 0 where all do; see mask.cu. */
  long mask(int t, int rows) {
    int position = maskBackwards ? positions - 1 - t : t;
    return memory.mask() == 0 ? 0 : step(memory.mask(), position, rows, 1);
  }

  /** Returns room for what gradients by states let past masked steps, 0 where none is masked. */
  long carried() {
    return memory.mask() == 0 ? 0 : memory.trainingFloats("gradients past masked steps", 1, units);
  }

  boolean isLast(int t) {
    return t == positions - 1;
  }

  /** Returns the address of step t of a buffer of the cell's own. */
  static long step(long buffer, int t, int rows, int columns) {
    return buffer + (long) t * rows * columns * Float.BYTES;
  }

  /** Returns what the layer gives: every state, or the last. */
  Signal outputs(int rows) {
    return new Signal(after(sequences ? 0 : positions - 1, rows), stride());
  }

  long outputGradients() {
    return outputGradients;
  }

  /**
   * Launches the gradients by h before the first step.
   *
   * @param bySums those by sums of the first step, [rows][{@link #width}]
   * @param of the gates whose sums h is multiplied for
   * @param passed what comes to h by other ways, [rows][units], 0 for nothing
   */
  void stateGradients(CudaPass pass, long bySums, int of, long passed, long to) {
    GateDrops dropped = drops(pass);
    if (dropped != null) {
      dropped.stateGradients(pass, bySums, of, passed, to);
      return;
    }
    pass.calls()
        .inputGradients(
            new Signal(bySums, width()),
            new Signal(recurrentKernel(), width()),
            passed,
            to,
            pass.rows(),
            units,
            of * units);
  }

  /** Returns what computes the gradient of all weights, with so many biases. */
  WeightGradient weightGradient(int biases) {
    return new WeightGradient(
        memory, "a recurrent layer", positions, stride(), width(), biased ? biases : 0);
  }

  /** Gives all gradients of weights at once: of sums to which inputs and states add alike. */
  void weightGradients(CudaPass pass, WeightGradient weightGradient) {
    int all = pass.rows(positions);
    GateDrops dropped = drops(pass);
    if (dropped == null) {
      Signal dz = new Signal(gradients, width());
      weightGradient.product(pass.calls(), steps(), stride(), dz, width(), 0, stride(), all);
    } else {
      for (int gate = 0; gate < gates; gate++) {
        dropped.weightGradient(pass, weightGradient, gate, 0, stride(), gradients, stride());
      }
    }
    weightGradient.sum(pass.calls(), all);
  }
}
