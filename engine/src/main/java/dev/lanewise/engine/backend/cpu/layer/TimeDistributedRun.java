package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.batch.StepOrder;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.RowValues;
import dev.lanewise.engine.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
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

  /** By value that is read: position by position. */
  private final Matrix[][] inputs;

  private final Matrix[][] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final Matrix[][] parts;
  private final Matrix[][] partGradients;

  /** By value that is read; none of samples that lie where the wrapped run wants them. */
  private final List<Apart> aparts = new ArrayList<>();

  private final LayerRun wrapped;
  private final StepOrder order;
  private final boolean passesOver;
  private final Pass pass;

  /**
   * Takes the memory.
   *
   * @param below the runs whose outputs are read; none where samples are
   */
  TimeDistributedRun(CpuTimeDistributed layer, RunContext context, List<LayerRun> below) {
    steps = layer.steps;
    kernels = context.kernels();
    RunContext ofSteps = context.times(steps);
    int count = Math.max(1, below.size());
    inputs = new Matrix[count][];
    inputGradients = new Matrix[count][];
    parts = new Matrix[count][];
    partGradients = new Matrix[count][];
    boolean own = below.isEmpty() && !(layer.layer instanceof CpuMerge); // inputs
    for (int i = 0; i < count; i++) {
      LayerRun read = below.isEmpty() ? null : below.get(i);
      Signals signals = new Signals(read, context, layer.inputs.get(i));
      inputs[i] = signals.inputs();
      inputGradients[i] = signals.inputGradients();
      if (!own) {
        aparts.add(new Apart(ofSteps, inputs[i].length / steps, signals));
      }
    }
    wrapped =
        own ? layer.layer.run(ofSteps, null) : layer.layer.runOn(ofSteps, List.copyOf(aparts));
    for (int i = 0; i < count; i++) {
      parts[i] = own ? wrapped.inputs() : aparts.get(i).values;
      partGradients[i] = own ? new Matrix[0] : aparts.get(i).gradients;
    }
    passesOver = own && layer.layer.passesOverBlankLead();
    order = new StepOrder(context.rows(), steps, passesOver ? parts[0].length - 1 : 0);
    pass = new Pass(ofSteps.rows(), 0);
    Matrix[] ofStep = wrapped.outputs();
    int width = ofStep[0].columns();
    outputs = context.signals("outputs", steps * ofStep.length, width);
    outputGradients = context.gradientSignals(steps * ofStep.length, width);
  }

  /** A value of all steps, as the run of a layer below the wrapped one. */
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
    return inputs[0];
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
    for (int i = 0; i < inputs.length; i++) {
      takeApart(inputs[i], parts[i]);
    }
    for (Apart apart : aparts) {
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
    for (int i = 0; i < inputs.length; i++) {
      if (inputGradients[i].length > 0) {
        putTogether(partGradients[i], inputGradients[i]);
      }
    }
  }

  private void putInOrder(int rows) {
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < steps; t++) {
        int lead = 0;
        while (lead < parts[0].length
            && RowValues.isBlank(inputs[0][t * parts[0].length + lead], r)) {
          lead++;
        }
        order.setLead(r, t, lead);
      }
    }
    order.sort(rows);
  }

  private void takeApart(Matrix[] whole, Matrix[] apart) {
    if (!passesOver) {
      for (int at = 0; at < whole.length; at++) {
        int rows = pass.rows() / steps;
        kernels.copyApart(rows, whole[at], apart[at % apart.length], at / apart.length, steps);
      }
      return;
    }
    for (int i = 0; i < pass.rows(); i++) {
      int row = order.row(i);
      int first = order.step(i) * apart.length;
      for (int p = 0; p < apart.length; p++) {
        kernels.copyRows(1, whole[first + p], row, apart[p], i);
      }
    }
  }

  private void putTogether(Matrix[] apart, Matrix[] whole) {
    if (!passesOver) {
      for (int at = 0; at < whole.length; at++) {
        int rows = pass.rows() / steps;
        kernels.copyTogether(rows, whole[at], apart[at % apart.length], at / apart.length, steps);
      }
      return;
    }
    for (int i = 0; i < pass.rows(); i++) {
      int row = order.row(i);
      int first = order.step(i) * apart.length;
      for (int p = 0; p < apart.length; p++) {
        kernels.copyRows(1, apart[p], i, whole[first + p], row);
      }
    }
  }
}
