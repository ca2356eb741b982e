package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;

/**
 * Scores [heads * Tq, Tv], or what a softmax makes of them, without what steps of the query do not
 * look at, in the place of what they were; see attention.cu.
 */
public final class CudaHiddenSteps implements CudaLayer {
  private static final double FAR = -1e9;

  /** What is made of what is not looked at. */
  public enum Kind {
    /** It is taken back by a large number: where there is nothing else, all are alike. */
    TAKEN_BACK,
    /** It is that large number, which has no gradient. */
    FAR_BEHIND,
    /** It is nothing, in what a softmax has made, whose own gradient then is nothing. */
    NOTHING
  }

  /**
   * What steps of a query do not look at.
   *
   * @param ahead whether they do not see what lies ahead
   * @param queries the address of a mask of the query's steps, which see nothing if they do not
   *     count; 0 if all do
   * @param values that of the value's steps
   * @param keys that of the key's
   */
  public record Unseen(boolean ahead, long queries, long values, long keys) {
    /** Returns whether there is anything. */
    public boolean any() {
      return ahead || queries != 0 || values != 0 || keys != 0;
    }
  }

  private final CudaSource scores;
  private final int heads;
  private final int steps;
  private final int width;
  private final Kind kind;
  private final Unseen unseen;

  /**
   * Builds the layer.
   *
   * @param scores without gaps, which nobody else reads
   * @param heads how many share a step
   * @param steps those of the query
   * @param width the steps of the value
   */
  public CudaHiddenSteps(
      CudaSource scores, int heads, int steps, int width, Kind kind, Unseen unseen) {
    this.scores = scores;
    this.heads = heads;
    this.steps = steps;
    this.width = width;
    this.kind = kind;
    this.unseen = unseen;
  }

  @Override
  public Signal outputs(int rows) {
    return scores.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return scores.outputGradients();
  }

  private void set(CudaPass pass, long to, double value) {
    Struct masks =
        new Struct()
            .pointer(unseen.queries())
            .pointer(unseen.values())
            .pointer(unseen.keys())
            .integer(unseen.ahead() ? 1 : 0);
    pass.calls()
        .rows(
            "hide_steps",
            pass.rows(Math.multiplyExact(heads, steps)),
            new Arguments()
                .pointer(to)
                .integer(heads)
                .integer(steps)
                .integer(pass.rows())
                .integer(width)
                .real(value)
                .integer(kind == Kind.TAKEN_BACK ? 1 : 0)
                .struct(masks));
  }

  @Override
  public void forward(CudaPass pass) {
    set(pass, scores.outputs(pass.rows()).address(), kind == Kind.NOTHING ? 0 : FAR);
  }

  @Override
  public void backward(CudaPass pass) {
    if (kind == Kind.FAR_BEHIND) {
      set(pass, scores.outputGradients(), 0);
    }
  }
}
