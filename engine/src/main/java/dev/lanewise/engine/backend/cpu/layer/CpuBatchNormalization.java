package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link BatchNormalization} on the CPU: weights, moving statistics, and those of the batch. At
 * each step of a sequence by itself each step is a batch of its own, and the moving statistics
 * follow one after the other, as Keras calls it.
 */
public final class CpuBatchNormalization implements MeetingLayer {
  final Shape input;

  /** Which feature each element is of, or which place along another axis. */
  final AxisPlaces places;

  final int features;

  /**
   * How many statistics there are: one a feature, and in training one for each step that is told.
   */
  final int cells;

  final double epsilon;
  final @Nullable Matrix gamma;
  final @Nullable Matrix beta;
  final Matrix movingMean;
  final Matrix movingVariance;
  final Matrix[] gammaGradients;
  final Matrix[] betaGradients;

  /** Of the inputs: of each shard, and of the batch. */
  final FeatureSums[] ofShards;

  final FeatureSums ofBatch;

  /** The sums of dy and of dy * (x - mean) / sigma: of each shard, and the batch's means. */
  final double[][] upstream;

  final double[][] upstreamStretched;
  final double[] meanUpstream;
  final double[] meanStretched;

  private final boolean meets;
  private final float momentum;
  private final float rest;
  private final @Nullable CpuParameter gammas;
  private final @Nullable CpuParameter betas;
  private final CpuParameter means;
  private final CpuParameter variances;

  /**
   * Takes the weights' memory.
   *
   * @param steps how many of the first axes are steps that are each a batch of their own
   */
  public CpuBatchNormalization(
      LayerContext context, BatchNormalization layer, Shape input, int steps) {
    this.input = input;
    meets = context.training() && context.trainable();
    List<Integer> axes = new ArrayList<>(List.of(layer.axis(input)));
    IntStream.rangeClosed(1, meets ? steps : 0).forEach(axes::add);
    places = AxisPlaces.along(axes, input);
    cells = places.count();
    features = input.size(layer.axis(input) - 1);
    epsilon = layer.epsilon();
    momentum = (float) layer.momentum();
    rest = (float) (1 - layer.momentum());
    gammas = layer.scale() ? context.parameter("gamma", 1, features) : null;
    betas = layer.center() ? context.parameter("beta", 1, features) : null;
    means = context.frozen().parameter("moving mean", 1, features);
    variances = context.frozen().parameter("moving variance", 1, features);
    gamma = gammas == null ? null : gammas.matrix();
    beta = betas == null ? null : betas.matrix();
    movingMean = means.matrix();
    movingVariance = variances.matrix();
    gammaGradients = gammas == null ? new Matrix[0] : gammas.shardGradients();
    betaGradients = betas == null ? new Matrix[0] : betas.shardGradients();
    int shards = meets ? context.shards() : 0;
    ofShards = new FeatureSums[shards];
    Arrays.setAll(ofShards, shard -> new FeatureSums(cells));
    ofBatch = new FeatureSums(cells);
    upstream = new double[shards][cells];
    upstreamStretched = new double[shards][cells];
    meanUpstream = new double[cells];
    meanStretched = new double[cells];
  }

  @Override
  public boolean meets() {
    return meets;
  }

  /** The moving statistics follow the batch's at once, as in Keras. */
  @Override
  public void meet(int shards) {
    ofBatch.join(ofShards, shards);
    for (int c = 0; c < cells; c++) { // those of a step behind those of the step before
      follow(movingMean, feature(c), (float) ofBatch.mean[c]);
      follow(movingVariance, feature(c), (float) ofBatch.variance(c));
    }
  }

  private void follow(Matrix moving, int feature, float batch) {
    moving.set(0, feature, moving.get(0, feature) * momentum + batch * rest);
  }

  @Override
  public void meetBack(int shards) {
    for (int c = 0; c < cells; c++) {
      double sum = 0;
      double stretched = 0;
      for (int shard = 0; shard < shards; shard++) {
        sum += upstream[shard][c];
        stretched += upstreamStretched[shard][c];
      }
      long count = Math.max(1, ofBatch.count[c]); // 0 where all steps are masked
      meanUpstream[c] = sum / count;
      meanStretched[c] = stretched / count;
    }
  }

  /** Returns which feature a statistic is of. */
  int feature(int cell) {
    return cell % features;
  }

  /** Returns gamma, 1 where there is none. */
  double gamma(int feature) {
    return gamma == null ? 1 : gamma.get(0, feature);
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new BatchNormalizationRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return Stream.of(gammas, betas, means, variances).filter(Objects::nonNull).toList();
  }

  @Override
  public List<ParameterView> views() {
    return parameters().stream().map(ParameterView::of).toList();
  }
}
