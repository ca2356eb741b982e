package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A layer at work on each step of the samples at hand: step t of row r is row r * steps + t of the
 * wrapped layer's run, which goes over all of them at a time. What a step is made of is copied
 * there, and what becomes of it back.
 */
final class TimeDistributedRun implements LayerRun {
  private final int steps;
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final Apart apart;
  private final LayerRun wrapped;
  private final Pass pass;

  TimeDistributedRun(CpuTimeDistributed layer, RunContext context, Signals signals) {
    steps = layer.steps;
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    RunContext ofSteps = context.times(steps);
    apart = new Apart(ofSteps, inputs.length / steps, signals.width(), inputGradients.length > 0);
    wrapped = layer.layer.run(ofSteps, apart);
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

    Apart(RunContext context, int positions, int width, boolean goesBack) {
      values = context.signals("inputs of steps", positions, width);
      gradients = goesBack ? context.gradientSignals(positions, width) : new Matrix[0];
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
    pass.steps(ofSamples, steps);
    takeApart(ofSamples.rows(), inputs, apart.values);
    wrapped.forward(pass);
    putTogether(ofSamples.rows(), wrapped.outputs(), outputs);
  }

  @Override
  public void backward(Pass ofSamples) {
    pass.steps(ofSamples, steps);
    takeApart(ofSamples.rows(), outputGradients, wrapped.outputGradients());
    wrapped.backward(pass);
    if (inputGradients.length > 0) {
      putTogether(ofSamples.rows(), apart.gradients, inputGradients);
    }
  }

  private void takeApart(int rows, Matrix[] whole, Matrix[] parts) {
    for (int t = 0; t < steps; t++) {
      for (int p = 0; p < parts.length; p++) {
        Matrix of = whole[t * parts.length + p];
        for (int r = 0; r < rows; r++) {
          kernels.copyRows(1, of, r, parts[p], r * steps + t);
        }
      }
    }
  }

  private void putTogether(int rows, Matrix[] parts, Matrix[] whole) {
    for (int t = 0; t < steps; t++) {
      for (int p = 0; p < parts.length; p++) {
        Matrix to = whole[t * parts.length + p];
        for (int r = 0; r < rows; r++) {
          kernels.copyRows(1, parts[p], r * steps + t, to, r);
        }
      }
    }
  }
}
