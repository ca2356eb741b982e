package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/**
 * Scores [Tq, Tv] that are sums over the features of a query [Tq, F] and a key [Tv, F], outer .
 * tanh(inner * (query + key)); see attention.cu.
 */
public final class CudaSumScores extends CudaValues {
  /** Which weight it has: the layer's first array. */
  public enum Weight {
    /** None. */
    NONE,
    /** One number within the tanh. */
    INNER,
    /** A number for each feature outside of it. */
    OUTER
  }

  private final CudaSource query;
  private final CudaSource key;
  private final int querySteps;
  private final int keySteps;
  private final int features;
  private final Weight weight;
  private final long weights;
  private final long byWeights;
  private final ColumnSums gradient;

  /**
   * Takes the buffers.
   *
   * @param queries the shape of a sample of the query
   * @param keys that of the key
   */
  public CudaSumScores(
      LayerMemory memory,
      Weight weight,
      Shape queries,
      CudaSource query,
      Shape keys,
      CudaSource key) {
    super(memory, "scores", Shape.of(queries.size(0), keys.size(0)), query);
    this.query = query;
    this.key = key;
    this.weight = weight;
    querySteps = queries.size(0);
    keySteps = keys.size(0);
    features = queries.size(1);
    weights = memory.weights();
    boolean learns = weight != Weight.NONE && memory.learns();
    byWeights = learns ? memory.floats("gradients by weights of scores", querySteps, features) : 0;
    gradient = new ColumnSums(memory, querySteps, features, weight == Weight.INNER);
  }

  /** Returns {@code struct SumScores} for one and the other. */
  private Struct struct(
      CudaPass pass, CudaSource own, int steps, CudaSource other, int otherSteps) {
    Signal ownValues = own.outputs(pass.rows());
    Signal otherValues = other.outputs(pass.rows());
    return new Struct()
        .pointer(ownValues.address())
        .pointer(otherValues.address())
        .pointer(weight == Weight.INNER ? weights : 0)
        .pointer(weight == Weight.OUTER ? weights : 0)
        .integer(ownValues.stride())
        .integer(otherValues.stride())
        .integer(steps)
        .integer(otherSteps)
        .integer(pass.rows())
        .integer(features);
  }

  @Override
  public void forward(CudaPass pass) {
    Struct scores = struct(pass, query, querySteps, key, keySteps);
    pass.calls()
        .rows("sum_scores", pass.rows(querySteps), new Arguments().struct(scores).pointer(outputs));
  }

  @Override
  public void backward(CudaPass pass) {
    int apart = pass.rows(keySteps); // of the query's steps, in scores
    if (query.outputGradients() != 0 || byWeights != 0) {
      Struct scores = struct(pass, query, querySteps, key, keySteps);
      goBack(pass, scores, querySteps, apart, 1, query.outputGradients(), byWeights);
    }
    if (key.outputGradients() != 0) {
      Struct scores = struct(pass, key, keySteps, query, querySteps);
      goBack(pass, scores, keySteps, 1, apart, key.outputGradients(), 0);
    }
    if (byWeights != 0) {
      gradient.sum(pass, byWeights);
    }
  }

  private void goBack(
      CudaPass pass, Struct scores, int steps, int ownApart, int otherApart, long to, long each) {
    pass.calls()
        .rows(
            "sum_scores_backward",
            pass.rows(steps),
            new Arguments()
                .struct(scores)
                .pointer(gradients)
                .integer(ownApart)
                .integer(keySteps)
                .integer(otherApart)
                .pointer(to)
                .pointer(each));
  }
}
