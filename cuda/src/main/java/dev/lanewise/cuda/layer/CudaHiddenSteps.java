package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;

/**
 * Scores [heads * Tq, Tv] without those of steps that lie ahead, in the place of what they were: a
 * softmax makes zeros of them, whose gradients are zeros, too.
 */
public final class CudaHiddenSteps implements CudaLayer {
  private final CudaSource scores;
  private final int heads;
  private final int steps;
  private final int width;
  private final boolean keeps;

  /**
   * Builds the layer.
   *
   * @param scores without gaps, which nobody else reads
   * @param heads how many share a step
   * @param steps those of the query
   * @param width the steps of the value
   * @param keeps whether scores are taken back by a large number, not set to it
   */
  public CudaHiddenSteps(CudaSource scores, int heads, int steps, int width, boolean keeps) {
    this.scores = scores;
    this.heads = heads;
    this.steps = steps;
    this.width = width;
    this.keeps = keeps;
  }

  @Override
  public Signal outputs(int rows) {
    return scores.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return scores.outputGradients();
  }

  @Override
  public void forward(CudaPass pass) {
    pass.calls()
        .rows(
            "hide_steps",
            pass.rows(Math.multiplyExact(heads, steps)),
            new Arguments()
                .pointer(scores.outputs(pass.rows()).address())
                .integer(steps)
                .integer(heads)
                .integer(pass.rows())
                .integer(width)
                .integer(keeps ? 1 : 0));
  }

  @Override
  public void backward(CudaPass pass) {}
}
