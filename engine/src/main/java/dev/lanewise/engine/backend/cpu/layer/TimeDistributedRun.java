package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.batch.StepOrder;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.RowValues;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A layer at work on each step of the samples at hand: each step of each row is a row of the
 * wrapped layer's run, which goes over all of them at a time, those that begin with the fewest
 * blank steps of their own first where it passes over them. What a step is made of is copied there,
 * and what becomes of it back.
 */
final class TimeDistributedRun implements LayerRun {
  private final int steps;
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final Matrix[] parts;
  private final Matrix[] partGradients;
  private final @Nullable Apart apart;
  private final LayerRun wrapped;
  private final StepOrder order;
  private final boolean passesOver;
  private final Pass pass;

  TimeDistributedRun(CpuTimeDistributed layer, RunContext context, Signals signals) {
    steps = layer.steps;
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    RunContext ofSteps = context.times(steps);
    boolean own = signals.below() == null && !(layer.layer instanceof CpuMerge); // inputs
    int count = inputs.length / steps;
    apart = own ? null : new Apart(ofSteps, count, signals);
    wrapped = layer.layer.run(ofSteps, apart);
    parts = apart == null ? wrapped.inputs() : apart.values;
    partGradients = apart == null ? new Matrix[0] : apart.gradients;
    passesOver = own && layer.layer.passesOverBlankLead();
    order = new StepOrder(context.rows(), steps, passesOver ? count - 1 : 0);
    pass = new Pass(ofSteps.rows(), 0);
    Matrix[] ofStep = wrapped.outputs();
    int width = ofStep[0].columns();
    outputs = context.signals("outputs", steps * ofStep.length, width);
    outputGradients = context.gradientSignals(steps * ofStep.length, width);
  }

  /** The inputs of all steps, as the run of a layer below the wrapped one. */
  private static final class Apart implements LayerRun {
    private final Matrix[] values;
    private final Matrix[] gradients;

    /** Of all steps of the rows at hand, position by position; null where all count. */
    private final @Nullable StepMask whole;

    private final @Nullable StepMask mask;

    Apart(RunContext context, int positions, Signals signals) {
      int width = signals.width();
      boolean goesBack = signals.inputGradients().length > 0;
      values = context.signals("inputs of steps", positions, width);
      gradients = goesBack ? context.gradientSignals(positions, width) : new Matrix[0];
      whole = signals.below() == null ? null : signals.below().maskWithin();
      mask = whole == null ? null : new StepMask(positions, context.rows());
    }

    @Override
    public @Nullable StepMask mask() {
      return mask;
    }

    /** Takes the mask apart as the values are. */
    void maskAs(StepOrder order, int rows) {
      if (whole == null || mask == null) {
        return;
      }
      mask.begin(rows);
      for (int i = 0; i < rows; i++) {
        for (int t = 0; t < values.length; t++) {
          if (whole.uses(order.step(i) * values.length + t, order.row(i))) {
            mask.use(t, i);
          }
        }
      }
    }

    @Override
    public Matrix[] inputs() {
      return values;
    }

    @Override
    public Matrix[] outputs() {
      return values;
    }

    @Override
    public Matrix[] outputGradients() {
      return gradients;
    }

    @Override
    public void forward(Pass pass) {}

    @Override
    public void backward(Pass pass) {}
  }

  @Override
  public void layOut(int rows) {
    wrapped.layOut(rows * steps);
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
  public void forward(Pass ofSamples) {
    if (passesOver) {
      putInOrder(ofSamples.rows());
    }
    pass.steps(ofSamples, steps, order);
    takeApart(inputs, parts);
    if (apart != null) {
      apart.maskAs(order, pass.rows());
    }
    wrapped.forward(pass);
    putTogether(wrapped.outputs(), outputs);
  }

  @Override
  public void backward(Pass ofSamples) {
    pass.steps(ofSamples, steps, order); // another call of the layer may have come between
    takeApart(outputGradients, wrapped.outputGradients());
    wrapped.backward(pass);
    if (inputGradients.length > 0) {
      putTogether(partGradients, inputGradients);
    }
  }

  private void putInOrder(int rows) {
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < steps; t++) {
        int lead = 0;
        while (lead < parts.length && RowValues.isBlank(inputs[t * parts.length + lead], r)) {
          lead++;
        }
        order.setLead(r, t, lead);
      }
    }
    order.sort(rows);
  }

  private void takeApart(Matrix[] whole, Matrix[] apart) {
    for (int i = 0; i < pass.rows(); i++) {
      int row = order.row(i);
      int first = order.step(i) * apart.length;
      for (int p = 0; p < apart.length; p++) {
        kernels.copyRows(1, whole[first + p], row, apart[p], i);
      }
    }
  }

  private void putTogether(Matrix[] apart, Matrix[] whole) {
    for (int i = 0; i < pass.rows(); i++) {
      int row = order.row(i);
      int first = order.step(i) * apart.length;
      for (int p = 0; p < apart.length; p++) {
        kernels.copyRows(1, apart[p], i, whole[first + p], row);
      }
    }
  }
}
