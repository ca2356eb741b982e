package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention at work: a sample at a time, whose steps are put under one another, so that all that a
 * step of the query does with those of the value is one product.
 */
final class AttentionRun implements LayerRun {
  /** What Keras takes from the score of a step that is not to be looked at. */
  private static final float FAR = 1e9f;

  private final CpuAttention layer;
  private final CheckedKernels kernels;
  private final MergedValues inputs;
  private final int keyInput;
  private final @Nullable StepMask queryMask;
  private final @Nullable StepMask valueMask;
  private final Scores scores;
  private final Matrix zeroSteps;
  private final Matrix zeroWidth;

  // Of the sample at hand.
  private final Matrix query;
  private final Matrix value;
  private final Matrix key;
  private final Matrix score;
  private final Matrix share;
  private final Matrix maxAndSum;
  private final SoftmaxJacobian jacobian;
  private final Matrix result;

  private final Matrix[] shares;
  private final @Nullable LayerRun given;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  // Of the sample at hand on the way back.
  private final Matrix valueTransposed;
  private final Matrix dShare;
  private final Matrix dQuery;
  private final Matrix dValue;
  private final Matrix dKey;

  AttentionRun(CpuAttention layer, RunContext context, List<LayerRun> below) {
    this.layer = layer;
    kernels = context.kernels();
    inputs = new MergedValues(below);
    keyInput = inputs.count() - 1;
    queryMask = below.get(0).mask();
    valueMask = below.get(1).mask();
    scores = layer.scores(context);
    int steps = layer.valueSteps;
    zeroSteps = context.matrix("zeros", 1, steps).matrix();
    zeroWidth = context.matrix("zeros", 1, layer.width).matrix();
    query = context.matrix("query", layer.querySteps, layer.features).matrix();
    value = context.matrix("value", steps, layer.width).matrix();
    key = context.matrix("key", steps, layer.features).matrix();
    score = context.matrix("scores", layer.querySteps, steps).matrix();
    share = context.matrix("shares", layer.querySteps, steps).matrix();
    maxAndSum = context.softmaxRows(layer.querySteps);
    result = context.matrix("result", layer.querySteps, layer.width).matrix();
    shares =
        layer.scoresGiven
            ? context.signals("scores", layer.querySteps, steps)
            : context.gradientSignals(layer.querySteps, steps); // kept for the way back alone
    given = layer.scoresGiven ? new ScoresRun(context, inputs.of(0), shares) : null;
    outputs = context.signals("outputs", layer.querySteps, layer.width);
    outputGradients = context.gradientSignals(layer.querySteps, layer.width);
    int back = context.training() ? 1 : 0;
    valueTransposed = scratch(context, back, layer.width, steps);
    dShare = scratch(context, back, layer.querySteps, steps);
    dQuery = scratch(context, back, layer.querySteps, layer.features);
    dValue = scratch(context, back, steps, layer.width);
    dKey = scratch(context, back, steps, layer.features);
    jacobian = new SoftmaxJacobian(steps);
  }

  private Matrix scratch(RunContext context, int back, int rows, int columns) {
    return back == 0 ? maxAndSum : context.matrix("on the way back", rows, columns).matrix();
  }

  @Override
  public Matrix[] inputs() {
    return inputs.of(0);
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public LayerRun output(int index) {
    return index == 0 || given == null ? LayerRun.super.output(index) : given;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public @Nullable StepMask mask() {
    return queryMask;
  }

  private void look(int row) {
    MergedValues.gather(inputs.of(0), row, query);
    MergedValues.gather(inputs.of(1), row, value);
    MergedValues.gather(inputs.of(keyInput), row, key);
  }

  @Override
  public void forward(Pass pass) {
    for (int r = 0; r < pass.rows(); r++) {
      look(r);
      scores.forward(query, key, score);
      putAside(r);
      kernels.elements().softmax(score.rows(), score, share, maxAndSum);
      kernels.gemm(share.rows(), share, value, zeroWidth, result);
      clearMasked(r);
      MergedValues.scatter(result, outputs, r);
      if (shares.length > 0) {
        MergedValues.scatter(share, shares, r);
      }
    }
  }

  /**
   * Lets steps of the value that a step of the query is not to look at be far behind all others. If
   * there are no others they are alike, as in Keras.
   */
  private void putAside(int row) {
    if (!layer.causal && valueMask == null) {
      return;
    }
    for (int j = 0; j < score.columns(); j++) {
      boolean masked = valueMask != null && !valueMask.uses(j, row);
      int end = masked ? score.rows() : layer.causal ? Math.min(j, score.rows()) : 0;
      for (int i = 0; i < end; i++) {
        score.set(i, j, score.get(i, j) - FAR);
      }
    }
  }

  /** Lets masked steps of the query get nothing, and on the way back give nothing. */
  private void clearMasked(int row) {
    for (int i = 0; queryMask != null && i < result.rows(); i++) {
      if (!queryMask.uses(i, row)) {
        kernels.start(i, 1, zeroWidth, result);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    scores.beginGradients(pass.shard());
    for (int r = 0; r < pass.rows(); r++) {
      look(r);
      MergedValues.gather(shares, r, share);
      MergedValues.gather(outputGradients, r, result);
      clearMasked(r);
      kernels.transpose(value, valueTransposed);
      kernels.gemm(result.rows(), result, valueTransposed, zeroSteps, dShare);
      kernels.gemmTransposedA(share.rows(), share, result, zeroWidth, dValue);
      if (given != null) {
        MergedValues.addRows(given.outputGradients(), 0, r, dShare);
      }
      jacobian.multiply(share.rows(), dShare, share);
      scores.backward(query, key, dShare, dQuery, dKey, pass.shard());
      leave(dQuery, 0, r);
      if (keyInput == 1) {
        kernels.elements().add(dKey.rows(), dKey, dValue);
      } else {
        leave(dKey, keyInput, r);
      }
      leave(dValue, 1, r);
    }
  }

  private void leave(Matrix gradient, int input, int row) {
    if (inputs.gradients(input).length > 0) {
      MergedValues.scatter(gradient, inputs.gradients(input), row);
    }
  }
}
