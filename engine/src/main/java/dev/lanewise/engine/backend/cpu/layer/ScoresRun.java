package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.tensor.Matrix;

/** How much an attention takes of each step as a value that others read; it does all the work. */
final class ScoresRun implements LayerRun {
  private final Matrix[] inputs;
  private final Matrix[] scores;
  private final Matrix[] gradients;

  /** Takes the memory of gradients by so many rows of scores. */
  ScoresRun(RunContext context, Matrix[] inputs, Matrix[] scores) {
    this.inputs = inputs;
    this.scores = scores;
    gradients = context.gradientSignals(scores.length, scores[0].columns());
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return scores;
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
