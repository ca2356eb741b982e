package dev.lanewise.spark;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.ShardedPlan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import java.util.List;

/**
 * A plan that computes a task's shards of each batch, and has the rest from the other tasks: each
 * ends a step with the same weights and the same sums.
 */
final class SharedPlan implements Plan {
  private final ShardedPlan plan;
  private final AllReduce exchange;
  private final BatchRow row;
  private final StepTimes times;

  SharedPlan(ShardedPlan plan, AllReduce exchange, StepTimes times) {
    this.plan = plan;
    this.exchange = exchange;
    this.times = times;
    row = new BatchRow(plan);
  }

  @Override
  public void step(int batches, Totals totals) {
    for (int i = 0; i < batches; i++) {
      long begin = System.nanoTime();
      int shards = plan.takeBatch();
      plan.accumulate(firstOf(exchange.rank(), shards), firstOf(exchange.rank() + 1, shards));
      row.begin();
      long computed = System.nanoTime();
      exchange.reduce(row);
      long exchanged = System.nanoTime();
      row.finish();
      plan.apply(totals);
      times.add(computed - begin, exchanged - computed, System.nanoTime() - exchanged);
    }
  }

  /** The first tasks have the more shards, if not all have as many. */
  private int firstOf(int rank, int shards) {
    return Math.toIntExact(Math.ceilDiv((long) rank * shards, exchange.tasks()));
  }

  @Override
  public long bytes() {
    return plan.bytes();
  }

  @Override
  public void load(Parameters parameters) {
    plan.load(parameters);
  }

  @Override
  public Parameters snapshot() {
    return plan.snapshot();
  }

  @Override
  public double learningRate() {
    return plan.learningRate();
  }

  @Override
  public void setLearningRate(double rate) {
    plan.setLearningRate(rate);
  }

  @Override
  public List<float[]> gradients() {
    return plan.gradients();
  }

  @Override
  public void bind(Dataset training) {
    plan.bind(training);
  }

  @Override
  public void beginEpoch(int[] order, int batchSize, int firstBatch) {
    plan.beginEpoch(order, batchSize, firstBatch);
  }

  @Override
  public void evaluate(Dataset data, int batchSize, Totals totals) {
    plan.evaluate(data, batchSize, totals);
  }

  @Override
  public void predict(Dataset data, int batchSize, float[] outputs) {
    plan.predict(data, batchSize, outputs);
  }

  @Override
  public void close() {
    plan.close();
  }
}
