package dev.lanewise.spark;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Probe;
import dev.lanewise.engine.backend.ShardedPlan;

/** Makes plans that share the work of each batch with those of other tasks. */
final class SharedBackend implements Backend {
  private final Backend backend;
  private final AllReduce exchange;
  private final StepTimes times;

  SharedBackend(Backend backend, AllReduce exchange, StepTimes times) {
    this.backend = backend;
    this.exchange = exchange;
    this.times = times;
  }

  @Override
  public String name() {
    return backend.name() + " shared by " + exchange.tasks();
  }

  @Override
  public Probe probe() {
    return backend.probe();
  }

  @Override
  public Predictor predictor(ModelSpec model, Parameters parameters, int threads) {
    return backend.predictor(model, parameters, threads);
  }

  @Override
  public Plan compile(ModelSpec model, PlanOptions options) {
    ShardedPlan plan = sharded(backend, model, options);
    return new SharedPlan(plan, exchange, times);
  }

  /**
   * Returns a plan whose shards can be computed apart.
   *
   * @throws IllegalArgumentException naming what is in the way, the backend or a layer
   */
  static ShardedPlan sharded(Backend backend, ModelSpec model, PlanOptions options) {
    Plan plan = backend.compile(model, options);
    try {
      if (!(plan instanceof ShardedPlan sharded)) {
        throw new IllegalArgumentException(
            "backend "
                + backend.name()
                + ": does not share a batch with other processes; take the backend cpu");
      }
      sharded.requireApart();
      return sharded;
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }
}
