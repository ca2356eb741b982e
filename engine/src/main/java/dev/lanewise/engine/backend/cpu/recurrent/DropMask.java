package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.ConstantRow;
import dev.lanewise.engine.backend.cpu.layer.DropRate;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;

/** What is left of inputs and states: a factor for each, 0 or 1 / (1 - rate). */
final class DropMask {
  private final CheckedKernels kernels;
  private final DropRate ofInputs;
  private final DropRate ofStates;
  private final Matrix whole;
  private final Matrix inputs;
  private final Matrix state;
  private final ConstantRow inputOnes;
  private final ConstantRow stateOnes;

  DropMask(RunContext context, JoinedRow row, DropRate ofInputs, DropRate ofStates) {
    kernels = context.kernels();
    this.ofInputs = ofInputs;
    this.ofStates = ofStates;
    Tensor values = row.tensor(context, "mask", 1, context.rows());
    whole = row.whole(values, 0, context.rows());
    inputs = row.inputs(values, 0, context.rows());
    state = row.state(values, 0, context.rows());
    inputOnes = new ConstantRow(context, row.features(), 1);
    stateOnes = new ConstantRow(context, row.units(), 1);
  }

  /** Draws the mask of a gate for the rows of a pass. */
  void draw(Pass pass, int gate) {
    kernels.start(pass.rows(), inputOnes.matrix(), inputs);
    ofInputs.drop(kernels, pass, gate, inputs, inputs); // its last vector reaches into the state's
    kernels.start(pass.rows(), stateOnes.matrix(), state);
    ofStates.drop(kernels, pass, ~gate, state, state);
  }

  /** Returns the factors of whole rows. */
  Matrix whole() {
    return whole;
  }

  /** Returns the factors of the inputs, [rows, features]. */
  Matrix inputs() {
    return inputs;
  }

  /** Returns the factors of the states, [rows, units]. */
  Matrix state() {
    return state;
  }
}
