package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Map;

/**
 * The training loop, the same above every backend: split, then epoch by epoch shuffle, train,
 * validate, report.
 */
final class Trainer {
  private final Plan plan;
  private final List<Metric> metrics;
  private final FitOptions options;
  private final Callback[] callbacks; // an array: a list's iterator would be an object a batch

  Trainer(Plan plan, List<Metric> metrics, FitOptions options, List<Callback> callbacks) {
    this.plan = plan;
    this.metrics = metrics;
    this.options = options;
    this.callbacks = callbacks.toArray(Callback[]::new);
  }

  History fit(Dataset data) {
    int split = options.trainingCount(data.size());
    Dataset training = data.slice(0, split);
    plan.bind(training);
    DataOrder order = new DataOrder(split, options.shuffle(), options.seed());
    Progress progress = new Progress(metrics);
    History history = new History();
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      long begin = System.nanoTime();
      train(epoch, order.ofEpoch(epoch), progress);
      long trained = System.nanoTime();
      Map<String, Double> logs = progress.logs();
      if (split < data.size()) {
        logs.putAll(validate(epoch, data.slice(split, data.size())));
      }
      double validation = split < data.size() ? seconds(trained, System.nanoTime()) : 0;
      history.add(epoch, logs);
      EpochTimes times = new EpochTimes(seconds(begin, trained), validation);
      for (Callback callback : callbacks) {
        callback.onEpochEnd(epoch, logs, times);
      }
    }
    return history;
  }

  private void train(int epoch, int[] order, Progress progress) {
    int batches = Math.ceilDiv(order.length, options.batchSize());
    plan.beginEpoch(order, options.batchSize());
    progress.epoch().reset();
    for (Callback callback : callbacks) {
      callback.onEpochBegin(epoch, batches);
    }
    for (int batch = 0; batch < batches; batch++) {
      progress.batch().reset();
      plan.step(1, progress.batch());
      progress.epoch().add(progress.batch());
      if (!Double.isFinite(progress.batchLoss())) {
        throw new DivergedException(epoch, batch, progress.batchLoss());
      }
      for (Callback callback : callbacks) {
        callback.onTrainBatchEnd(epoch, batch, progress);
      }
    }
  }

  private Map<String, Double> validate(int epoch, Dataset held) {
    Totals totals = new Totals();
    plan.evaluate(held, Math.min(options.batchSize(), held.size()), totals);
    if (!Double.isFinite(totals.meanLoss())) {
      throw new DivergedException(epoch, totals.meanLoss());
    }
    return Logs.of(metrics, totals, "val_");
  }

  private static double seconds(long from, long to) {
    return (to - from) * 1e-9;
  }
}
