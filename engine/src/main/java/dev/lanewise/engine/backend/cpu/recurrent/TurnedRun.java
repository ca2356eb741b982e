package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepOrder;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.RowValues;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * A first layer that walks from the end, at work on rows in an order of its own: those that end
 * with the fewest blank steps come first, so that it passes over the blank steps that its walk
 * begins with. Rows are copied to their places, and what becomes of them back.
 */
final class TurnedRun implements LayerRun {
  private final int steps;
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final LayerRun walk;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final StepOrder order;
  private final Pass pass;

  /**
   * Takes the memory.
   *
   * @param layer whose last state is its only output
   * @param inputs one matrix a step; this run does not write them
   */
  TurnedRun(CpuRecurrent layer, RunContext context, Matrix[] inputs) {
    steps = layer.steps;
    kernels = context.kernels();
    this.inputs = inputs;
    walk = layer.walkRows(context, null, List.of());
    int units = walk.outputs()[0].columns();
    outputs = context.signals("outputs", 1, units);
    outputGradients = context.gradientSignals(1, units);
    order = new StepOrder(context.rows(), 1, steps - 1);
    pass = new Pass(context.rows(), 0);
  }

  @Override
  public void layOut(int rows) {
    walk.layOut(rows);
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
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
  public void forward(Pass asTheyCome) {
    int rows = asTheyCome.rows();
    for (int r = 0; r < rows; r++) {
      order.setLead(r, 0, blankAtTheEnd(r));
    }
    order.sort(rows);
    pass.steps(asTheyCome, 1, order);
    for (int i = 0; i < rows; i++) {
      for (int t = 0; t < steps; t++) {
        kernels.copyRows(1, inputs[t], order.row(i), walk.inputs()[t], i);
      }
    }
    walk.forward(pass);
    for (int i = 0; i < rows; i++) {
      kernels.copyRows(1, walk.outputs()[0], i, outputs[0], order.row(i));
    }
  }

  private int blankAtTheEnd(int row) {
    int blank = 0;
    while (blank < steps && RowValues.isBlank(inputs[steps - 1 - blank], row)) {
      blank++;
    }
    return blank;
  }

  @Override
  public void backward(Pass asTheyCome) {
    for (int i = 0; i < asTheyCome.rows(); i++) {
      kernels.copyRows(1, outputGradients[0], order.row(i), walk.outputGradients()[0], i);
    }
    walk.backward(pass);
  }
}
