package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.backend.ShardedPlan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Several plans that share the work of each batch, as processes would, in one. */
final class ReplicaPlan implements Plan {
  private final List<ShardedPlan> plans;
  private final ModelSpec spec;
  private final int grains; // of a part of the sum

  private ReplicaPlan(List<ShardedPlan> plans, ModelSpec spec, int grains) {
    this.plans = plans;
    this.spec = spec;
    this.grains = grains;
  }

  /** Returns a backend whose plans are so many, which hand on parts of sums of so many grains. */
  static Backend backend(int replicas, int grains) {
    CpuBackend cpu = new CpuBackend();
    return new Backend() {
      @Override
      public String name() {
        return "replicas";
      }

      @Override
      public Probe probe() {
        return cpu.probe();
      }

      @Override
      public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
        return cpu.predictor(model, parameters, threads);
      }

      @Override
      public Plan compile(ModelSpec model, PlanOptions options) {
        List<ShardedPlan> plans =
            Stream.generate(() -> (ShardedPlan) cpu.compile(model, options))
                .limit(replicas)
                .toList();
        return new ReplicaPlan(plans, model, grains);
      }
    };
  }

  @Override
  public void step(int batches, Totals totals) {
    for (int i = 0; i < batches; i++) {
      step(totals);
    }
  }

  private void step(Totals totals) {
    ShardedPlan any = plans.getFirst();
    double[] results = new double[0];
    for (int p = 0; p < plans.size(); p++) {
      ShardedPlan plan = plans.get(p);
      int shards = plan.takeBatch();
      int cut = plans.size();
      plan.accumulate(Math.ceilDiv(p * shards, cut), Math.ceilDiv((p + 1) * shards, cut));
      if (p == 0) {
        results = new double[plan.batchSamples() * plan.numbersOfSample()];
      }
      plan.readResults(results);
    }
    try (Arena arena = Arena.ofConfined()) {
      long size = any.gradientSize();
      for (long from = 0; from < size; from += (long) grains * ShardedPlan.GRAIN) {
        long floats = Math.min(size - from, (long) grains * ShardedPlan.GRAIN);
        MemorySegment sum = arena.allocate(floats * Float.BYTES);
        sum.fill((byte) -1); // not a number, where somebody reads what nobody has written
        for (ShardedPlan plan : plans) {
          plan.addGradients(sum, from);
        }
        for (ShardedPlan plan : plans) {
          plan.setGradients(sum, from);
        }
      }
    }
    List<double[]> sums = new ArrayList<>();
    for (ShardedPlan plan : plans) {
      plan.setResults(results);
      Totals own = plan == any ? totals : new Totals(spec);
      plan.apply(own);
      sums.add(own.toArray());
    }
    assertThat(sums).allSatisfy(each -> assertThat(each).containsExactly(sums.getFirst()));
  }

  @Override
  public long bytes() {
    return plans.stream().mapToLong(Plan::bytes).sum();
  }

  @Override
  public void load(Parameters parameters) {
    plans.forEach(plan -> plan.load(parameters));
  }

  @Override
  public Parameters snapshot() {
    return plans.getLast().snapshot();
  }

  @Override
  public double learningRate() {
    return plans.getLast().learningRate();
  }

  @Override
  public void setLearningRate(double rate) {
    plans.forEach(plan -> plan.setLearningRate(rate));
  }

  @Override
  public List<float[]> gradients() {
    return plans.getLast().gradients();
  }

  @Override
  public void bind(Dataset training) {
    plans.forEach(plan -> plan.bind(training));
  }

  @Override
  public void beginEpoch(int[] order, int batchSize, int firstBatch) {
    plans.forEach(plan -> plan.beginEpoch(order.clone(), batchSize, firstBatch));
  }

  @Override
  public void evaluate(Dataset data, int batchSize, Totals totals) {
    plans.getLast().evaluate(data, batchSize, totals);
  }

  @Override
  public void predict(Dataset data, int batchSize, float[] outputs) {
    plans.getLast().predict(data, batchSize, outputs);
  }

  @Override
  public void close() {
    plans.forEach(Plan::close);
  }
}
