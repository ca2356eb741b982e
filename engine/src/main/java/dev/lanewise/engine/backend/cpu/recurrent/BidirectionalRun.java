package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.ConstantRow;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Two recurrent layers at work on one signal. The backward layer's steps are put in the order of
 * the input; on the way back the forward layer begins the gradient by the inputs and the backward
 * layer adds to it.
 */
final class BidirectionalRun implements LayerRun {
  private static final float HALF = 0.5f;

  private final CheckedKernels kernels;
  private final LayerRun source;
  private final LayerRun forward;
  private final LayerRun backward;
  private final Merge merge;
  private final boolean concat;
  private final boolean sequences;
  private final int forwardUnits;
  private final int statesOfOne;
  private final int backwardUnits;

  /** How many positions there are at each step. */
  private final int places;

  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /**
   * The backward layer's outputs in the order of the input, where they are a value of their own.
   */
  private final Apart apart;

  private final ConstantRow half;

  /**
   * Takes the memory.
   *
   * @param source has the inputs, and their mask
   * @param forward the forward layer's run
   * @param backward the backward layer's, which goes back after it
   */
  BidirectionalRun(
      CpuBidirectional layer,
      RunContext context,
      LayerRun source,
      LayerRun forward,
      LayerRun backward) {
    this.source = source;
    this.forward = forward;
    this.backward = backward;
    kernels = context.kernels();
    merge = layer.merge;
    concat = merge == Merge.CONCAT;
    sequences = layer.sequences;
    statesOfOne = layer.forwardStatesGiven;
    forwardUnits = layer.forwardUnits;
    backwardUnits = layer.backwardUnits;
    places = forward.outputs().length / (sequences ? layer.steps : 1);
    int positions = forward.outputs().length;
    outputs = context.signals("outputs", positions, layer.width);
    outputGradients = context.gradientSignals(positions, layer.width);
    boolean two = merge == Merge.NONE;
    apart = new Apart(context, two ? positions : 0, backwardUnits, sequences ? source : null);
    half = new ConstantRow(context, layer.width, HALF);
  }

  /** The second of two values; the walk that makes it goes with the first. */
  private static final class Apart implements LayerRun {
    final Matrix[] outputs;
    final Matrix[] gradients;
    private final @Nullable LayerRun masked;

    /**
     * Takes the memory.
     *
     * @param masked whose mask it has, absent if it has none
     */
    Apart(RunContext context, int positions, int width, @Nullable LayerRun masked) {
      this.masked = masked;
      outputs = positions == 0 ? new Matrix[0] : context.signals("outputs", positions, width);
      gradients = positions == 0 ? outputs : context.gradientSignals(positions, width);
    }

    @Override
    public Matrix[] inputs() {
      return outputs;
    }

    @Override
    public Matrix[] outputs() {
      return outputs;
    }

    @Override
    public Matrix[] outputGradients() {
      return gradients;
    }

    @Override
    public @Nullable StepMask mask() {
      return masked == null ? null : masked.mask();
    }

    @Override
    public void forward(Pass pass) {}

    @Override
    public void backward(Pass pass) {}
  }

  @Override
  public void layOut(int rows) {
    forward.layOut(rows);
    backward.layOut(rows);
  }

  @Override
  public Matrix[] inputs() {
    return source.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public LayerRun output(int index) {
    boolean two = merge == Merge.NONE;
    if (index == 0 || (two && index == 1)) {
      return index == 0 ? this : apart;
    }
    int state = two ? index - 1 : index; // from 1
    return state <= statesOfOne ? forward.output(state) : backward.output(state - statesOfOne);
  }

  /** Returns where the backward layer has what belongs to position {@code p}. */
  private int turned(int p) {
    int step = p / places;
    return outputs.length - (step + 1) * places + p % places;
  }

  @Override
  public @Nullable StepMask mask() {
    return sequences ? source.mask() : null;
  }

  @Override
  public void forward(Pass pass) {
    forward.forward(pass);
    backward.forward(pass);
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      Matrix f = forward.outputs()[p];
      Matrix b = backward.outputs()[turned(p)];
      Matrix y = outputs[p];
      if (concat) {
        kernels.copy(rows, f, 0, y, 0, forwardUnits);
        kernels.copy(rows, b, 0, y, forwardUnits, backwardUnits);
      } else if (merge == Merge.NONE) {
        kernels.copy(rows, f, y);
        kernels.copy(rows, b, apart.outputs[p]);
      } else if (merge == Merge.MUL) {
        kernels.elements().multiply(0, rows, f, b, y);
      } else {
        kernels.start(rows, f, y);
        kernels.elements().add(rows, b, y);
        if (merge == Merge.AVE) {
          kernels.elements().multiply(0, rows, y, half.matrix(), y);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      Matrix dy = outputGradients[p];
      Matrix df = forward.outputGradients()[p];
      Matrix db = backward.outputGradients()[turned(p)];
      if (concat) {
        kernels.copy(rows, dy, 0, df, 0, forwardUnits);
        kernels.copy(rows, dy, forwardUnits, db, 0, backwardUnits);
      } else if (merge == Merge.NONE) {
        kernels.copy(rows, dy, df);
        kernels.copy(rows, apart.gradients[p], db);
      } else if (merge == Merge.MUL) {
        kernels.elements().multiply(0, rows, dy, backward.outputs()[turned(p)], df);
        kernels.elements().multiply(0, rows, dy, forward.outputs()[p], db);
      } else {
        if (merge == Merge.AVE) {
          kernels.elements().multiply(0, rows, dy, half.matrix(), dy);
        }
        kernels.start(rows, dy, df);
        kernels.start(rows, dy, db);
      }
    }
    forward.backward(pass);
    backward.backward(pass);
  }
}
