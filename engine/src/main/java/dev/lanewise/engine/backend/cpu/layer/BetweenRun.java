package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/** A run that reads one value and has outputs of its own, with room for the gradient by them. */
abstract class BetweenRun implements LayerRun {
  final Matrix[] inputs;

  /** Where the gradient by the inputs goes; none where nobody asks for it. */
  final Matrix[] inputGradients;

  final Matrix[] outputs;
  final Matrix[] outputGradients;

  /** Takes the memory for outputs at so many positions, of one width. */
  BetweenRun(RunContext context, Signals signals, int positions, int width) {
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", positions, width);
    outputGradients = context.gradientSignals(positions, width);
  }

  /** Takes the memory for outputs of which each sample's are of a shape. */
  BetweenRun(RunContext context, Signals signals, Shape output) {
    this(context, signals, output.positions(), output.size(-1));
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
}
