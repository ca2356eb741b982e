package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link BatchNormalization} on the CPU: weights, moving statistics, and those of the batch. */
public final class CpuBatchNormalization implements MeetingLayer {
  final Shape input;

  /** Which feature each element is of, or which place along another axis. */
  final AxisPlaces places;

  final int features;
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

  /** Takes the weights' memory. */
  public CpuBatchNormalization(LayerContext context, BatchNormalization layer, Shape input) {
    this.input = input;
    places = AxisPlaces.along(List.of(layer.axis(input)), input);
    features = places.count();
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
    meets = context.training() && context.trainable();
    int shards = meets ? context.shards() : 0;
    ofShards = new FeatureSums[shards];
    Arrays.setAll(ofShards, shard -> new FeatureSums(features));
    ofBatch = new FeatureSums(features);
    upstream = new double[shards][features];
    upstreamStretched = new double[shards][features];
    meanUpstream = new double[features];
    meanStretched = new double[features];
  }

  @Override
  public boolean meets() {
    return meets;
  }

  /** The moving statistics follow the batch's at once, as in Keras. */
  @Override
  public void meet(int shards) {
    ofBatch.join(ofShards, shards);
    for (int c = 0; c < features; c++) {
      follow(movingMean, c, (float) ofBatch.mean[c]);
      follow(movingVariance, c, (float) ofBatch.variance(c));
    }
  }

  private void follow(Matrix moving, int feature, float batch) {
    moving.set(0, feature, moving.get(0, feature) * momentum + batch * rest);
  }

  @Override
  public void meetBack(int shards) {
    for (int c = 0; c < features; c++) {
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
