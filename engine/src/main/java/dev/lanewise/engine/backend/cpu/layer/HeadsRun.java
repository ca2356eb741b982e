package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The heads of an attention at work: a sample and a head at a time, whose steps are put under one
 * another, so that all that a step of the query does with those of the value is one product.
 */
final class HeadsRun implements LayerRun {
  /** The score of a step that is not to be looked at, far behind all others. */
  private static final float FAR = -1e9f;

  private final CpuHeads layer;
  private final MultiHeadAttention settings;
  private final float scale;
  private final CheckedKernels kernels;
  private final LayerRun queries;
  private final LayerRun values;
  private final LayerRun keys;
  private final SeenSteps seen;
  private final Matrix zeroSteps;
  private final Matrix zeroKey;
  private final Matrix zeroValue;

  // Of the sample and head at hand.
  private final Matrix query;
  private final Matrix value;
  private final Matrix key;
  private final Matrix transposed;
  private final Matrix score;
  private final Matrix share;
  private final Matrix dropped;
  private final Matrix maxAndSum;
  private final SoftmaxJacobian jacobian;
  private final Matrix result;

  /** By head, then by step of the query: kept for the way back, and for who reads them. */
  private final Matrix[][] shares;

  private final @Nullable LayerRun scores;

  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  // Of the sample and head at hand on the way back.
  private final Matrix valueTransposed;
  private final Matrix dShare;
  private final Matrix dQuery;
  private final Matrix dValue;
  private final Matrix dKey;

  HeadsRun(
      CpuHeads layer,
      RunContext context,
      LayerRun queries,
      LayerRun values,
      LayerRun keys,
      Matrix[] told) {
    this.layer = layer;
    this.queries = queries;
    this.values = values;
    this.keys = keys;
    settings = layer.layer;
    scale = (float) (1 / Math.sqrt(settings.keyDim()));
    kernels = context.kernels();
    seen = new SeenSteps(layer, masks(queries), masks(values, keys), told);
    int rows = layer.querySteps;
    int steps = layer.valueSteps;
    int keyDim = settings.keyDim();
    int valueDim = settings.valueDim();
    zeroSteps = context.matrix("zeros", 1, steps).matrix();
    zeroKey = context.matrix("zeros", 1, keyDim).matrix();
    zeroValue = context.matrix("zeros", 1, valueDim).matrix();
    query = context.matrix("query", rows, keyDim).matrix();
    value = context.matrix("value", steps, valueDim).matrix();
    key = context.matrix("key", steps, keyDim).matrix();
    transposed = context.matrix("key", keyDim, steps).matrix();
    score = context.matrix("scores", rows, steps).matrix();
    share = context.matrix("shares", rows, steps).matrix();
    boolean drops = context.training() && settings.dropout() > 0;
    dropped = drops ? context.matrix("dropped shares", rows, steps).matrix() : share;
    maxAndSum = context.softmaxRows(rows);
    result = context.matrix("result", rows, valueDim).matrix();
    shares = new Matrix[settings.heads()][];
    Matrix[] given =
        settings.scoresGiven()
            ? context.signals("scores", shares.length * rows, steps)
            : new Matrix[0];
    for (int h = 0; h < shares.length; h++) {
      shares[h] =
          settings.scoresGiven()
              ? Arrays.copyOfRange(given, h * rows, (h + 1) * rows)
              : context.gradientSignals(rows, steps);
    }
    scores = settings.scoresGiven() ? new ScoresRun(context, queries.inputs(), given) : null;
    outputs = context.signals("outputs", rows, settings.heads() * valueDim);
    outputGradients = context.gradientSignals(rows, settings.heads() * valueDim);
    int back = context.training() ? 1 : 0;
    valueTransposed = scratch(context, back, valueDim, steps);
    dShare = scratch(context, back, rows, steps);
    dQuery = scratch(context, back, rows, keyDim);
    dValue = scratch(context, back, steps, valueDim);
    dKey = scratch(context, back, steps, keyDim);
    jacobian = new SoftmaxJacobian(steps);
  }

  private Matrix scratch(RunContext context, int back, int rows, int columns) {
    return back == 0 ? maxAndSum : context.matrix("on the way back", rows, columns).matrix();
  }

  @Override
  public Matrix[] inputs() {
    return queries.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public LayerRun output(int index) {
    return index == 0 || scores == null ? LayerRun.super.output(index) : scores;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  private static List<StepMask> masks(LayerRun... read) {
    return Arrays.stream(read).map(LayerRun::mask).filter(Objects::nonNull).distinct().toList();
  }

  private void look(int row, int head) {
    seen.look(row, head);
    int at = head * settings.keyDim();
    MergedValues.gather(queries.outputs(), row, at, query);
    MergedValues.gather(keys.outputs(), row, at, key);
    MergedValues.gather(values.outputs(), row, head * settings.valueDim(), value);
    scale(query);
  }

  private void scale(Matrix x) {
    for (int i = 0; i < x.rows(); i++) {
      for (int c = 0; c < x.columns(); c++) {
        x.set(i, c, x.get(i, c) * scale);
      }
    }
  }

  @Override
  public void forward(Pass pass) {
    seen.begin();
    for (int r = 0; r < pass.rows(); r++) {
      for (int h = 0; h < shares.length; h++) {
        look(r, h);
        kernels.transpose(key, transposed);
        kernels.gemm(score.rows(), query, transposed, zeroSteps, score);
        seen.hide(score, FAR);
        kernels.elements().softmax(score.rows(), score, share, maxAndSum);
        if (settings.mayTakeNothing()) {
          seen.hide(share, 0);
        }
        if (shares[h].length > 0) {
          MergedValues.scatter(share, shares[h], r);
        }
        Matrix taken = drop(pass, r, h, share, dropped);
        kernels.gemm(taken.rows(), taken, value, zeroValue, result);
        MergedValues.scatter(result, outputs, r, h * settings.valueDim());
      }
    }
  }

  /** Returns shares, or the gradients by them, with elements dropped if the pass drops any. */
  private Matrix drop(Pass pass, int row, int head, Matrix x, Matrix to) {
    if (!pass.training() || settings.dropout() == 0) {
      return x;
    }
    for (int i = 0; i < x.rows(); i++) {
      layer.dropout.dropRow(kernels, pass, row, (long) head * x.rows() + i, i, x, to);
    }
    return to;
  }

  @Override
  public void backward(Pass pass) {
    seen.begin();
    for (int r = 0; r < pass.rows(); r++) {
      for (int h = 0; h < shares.length; h++) {
        int at = h * settings.valueDim();
        look(r, h);
        MergedValues.gather(shares[h], r, 0, share);
        MergedValues.gather(outputGradients, r, at, result);
        Matrix taken = drop(pass, r, h, share, dropped);
        kernels.gemmTransposedA(taken.rows(), taken, result, zeroValue, dValue);
        MergedValues.scatter(dValue, values.outputGradients(), r, at);
        kernels.transpose(value, valueTransposed);
        kernels.gemm(result.rows(), result, valueTransposed, zeroSteps, dShare);
        Matrix dTaken = drop(pass, r, h, dShare, dShare);
        if (scores != null) { // which are what there was before any were dropped
          MergedValues.addRows(scores.outputGradients(), h * dTaken.rows(), r, dTaken);
        }
        jacobian.multiply(dTaken.rows(), dTaken, share);
        seen.hide(dTaken, 0);
        kernels.gemm(query.rows(), dTaken, key, zeroKey, dQuery);
        scale(dQuery);
        kernels.gemmTransposedA(query.rows(), dTaken, query, zeroKey, dKey);
        MergedValues.scatter(dQuery, queries.outputGradients(), r, h * settings.keyDim());
        MergedValues.scatter(dKey, keys.outputGradients(), r, h * settings.keyDim());
      }
    }
  }
}
