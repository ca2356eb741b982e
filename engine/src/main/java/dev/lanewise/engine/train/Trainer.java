package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.event.BatchEvent;
import dev.lanewise.engine.event.EpochEvent;
import dev.lanewise.engine.event.Events;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, the same above every backend: epoch by epoch shuffle, train, validate, report.
 */
final class Trainer implements Training {
  private final Plan plan;
  private final ModelSpec spec;
  private final FitOptions options;
  private final Callback[] callbacks; // an array: a list's iterator would be an object a batch
  private final boolean rateIsSet; // by a callback
  private final Progress progress;
  private final Totals[] sums;
  private final History history = new History();
  private int epoch;
  private int batchesDone;
  private volatile boolean stopped; // by any thread
  private volatile @Nullable Thread fitting;

  Trainer(Plan plan, ModelSpec spec, FitOptions options, List<Callback> callbacks) {
    this.plan = plan;
    this.spec = spec;
    this.options = options;
    this.callbacks = callbacks.toArray(Callback[]::new);
    progress = new Progress(spec);
    rateIsSet = callbacks.stream().anyMatch(Callback::setsLearningRate);
    sums =
        Stream.generate(() -> new Totals(spec)).limit(plan.batchesAtOnce()).toArray(Totals[]::new);
  }

  /** Trains from the start, or from where {@code state} stands. */
  History fit(FitData data, @Nullable TrainingState state) {
    fitting = Thread.currentThread();
    try {
      return run(data, state);
    } finally {
      fitting = null;
    }
  }

  private History run(FitData data, @Nullable TrainingState state) {
    int samples = data.training().size();
    plan.bind(data.training());
    DataOrder order = new DataOrder(samples, options.shuffle(), options.seed());
    begin(state, batchesOf(samples));
    while (epoch < options.epochs() && !stopped) {
      EpochEvent event = Events.epoch();
      long begin = System.nanoTime();
      Map<String, Double> logs;
      long trained;
      try {
        train(order.ofEpoch(epoch));
        trained = System.nanoTime();
        logs = progress.logs();
        if (data.held().isPresent()) {
          validate(data.held().get(), logs);
        }
      } catch (DivergedException e) {
        if (endsQuietly()) {
          break;
        }
        throw e;
      }
      long validated = data.held().isPresent() ? System.nanoTime() : trained;
      if (event != null) {
        event.epoch = epoch;
        event.batches = batchesOf(samples);
        event.samples = samples;
        event.loss = progress.epoch().meanLoss();
        event.validationLoss = logs.getOrDefault("val_loss", Double.NaN);
        event.validation = validated - trained;
        event.commit();
      }
      endEpoch(logs, new EpochTimes(seconds(begin, trained), seconds(trained, validated)));
    }
    if (spec.optimizer().average().kept()) { // before callbacks that restore others, as in Keras
      plan.load(plan.snapshot().averaged(spec));
    }
    for (Callback callback : callbacks) {
      callback.onTrainEnd();
    }
    return history;
  }

  private void begin(@Nullable TrainingState state, int batches) {
    if (rateIsSet) { // refused now where a schedule gives it, and not epochs later
      plan.setLearningRate(plan.learningRate());
    }
    for (Callback callback : callbacks) {
      callback.onTrainBegin(this);
    }
    if (state == null) {
      return;
    }
    requireFit(state, batches);
    plan.load(state.parameters());
    plan.setStates(state.states());
    epoch = state.epoch();
    batchesDone = state.batch();
    for (int i = 0; i < state.history().epoch().size(); i++) {
      history.add(state.history().epoch().get(i), state.history().logs(i));
    }
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].onResume(history, state.callbacks().get(i));
    }
  }

  private void requireFit(TrainingState state, int batches) {
    if (state.callbacks().size() != callbacks.length) {
      throw new IllegalArgumentException(
          "resume: the state is of "
              + state.callbacks().size()
              + " callbacks, found "
              + callbacks.length
              + "; give those that it was saved with, in their order");
    }
    if (state.epoch() < 0
        || state.epoch() >= options.epochs()
        || state.batch() < 0
        || state.batch() > batches) {
      throw new IllegalArgumentException(
          "resume: the state stands at epoch "
              + state.epoch()
              + ", batch "
              + state.batch()
              + "; the run has "
              + options.epochs()
              + " epochs of "
              + batches
              + " batches");
    }
    progress.epoch().set(state.sums());
  }

  private void train(int[] order) {
    int batches = batchesOf(order.length);
    plan.beginEpoch(order, options.batchSize(), batchesDone);
    if (batchesDone == 0) {
      progress.epoch().reset();
    }
    for (Callback callback : callbacks) {
      callback.onEpochBegin(epoch, batches);
    }
    while (batchesDone < batches) {
      int asked = batchesToAsk(batches - batchesDone);
      for (int i = 0; i < asked; i++) {
        sums[i].reset();
      }
      step(asked);
      for (int i = 0; i < asked; i++) {
        endBatch(sums[i]);
      }
    }
  }

  private void step(int asked) {
    BatchEvent event = Events.batch();
    plan.step(asked, sums);
    if (event != null) {
      event.epoch = epoch;
      event.batch = batchesDone;
      event.batches = asked;
      event.loss = sums[0].meanLoss();
      event.commit();
    }
  }

  /** Returns an epoch's batches, the windows of sequences being counted each. */
  private int batchesOf(int samples) {
    return Math.multiplyExact(Math.ceilDiv(samples, options.batchSize()), plan.windows());
  }

  private int batchesToAsk(int left) {
    int ask = Math.min(sums.length, left);
    for (Callback callback : callbacks) {
      ask = Math.min(ask, callback.batchesAhead());
    }
    return ask;
  }

  /** Reports a batch. */
  private void endBatch(Totals batch) {
    progress.take(batch);
    if (!Double.isFinite(progress.batchLoss())) {
      throw new DivergedException(epoch, batchesDone, progress.batchLoss());
    }
    batchesDone++;
    for (Callback callback : callbacks) {
      callback.onTrainBatchEnd(epoch, batchesDone - 1, progress);
    }
  }

  /** Adds the validation's values. */
  private void validate(Dataset held, Map<String, Double> logs) {
    Totals totals = new Totals(spec);
    plan.evaluate(held, Math.min(options.batchSize(), held.size()), totals);
    if (!Double.isFinite(totals.meanLoss())) {
      throw new DivergedException(epoch, totals.meanLoss());
    }
    logs.putAll(Logs.of(totals, "val_"));
  }

  private boolean endsQuietly() {
    boolean end = false;
    for (Callback callback : callbacks) {
      end |= callback.onDivergence();
    }
    return end;
  }

  private void endEpoch(Map<String, Double> logs, EpochTimes times) {
    if (rateIsSet) {
      logs.put("learning_rate", plan.learningRate());
    }
    history.add(epoch, logs);
    int ended = epoch++;
    batchesDone = 0;
    for (Callback callback : callbacks) {
      callback.onEpochEnd(ended, logs, times);
    }
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public Parameters parameters() {
    requireFitting("parameters");
    return plan.snapshot();
  }

  @Override
  public void setParameters(Parameters parameters) {
    requireFitting("setParameters");
    plan.load(parameters);
  }

  @Override
  public double learningRate() {
    requireFitting("learningRate");
    return plan.learningRate();
  }

  @Override
  public void setLearningRate(double rate) {
    requireFitting("setLearningRate");
    plan.setLearningRate(rate);
  }

  @Override
  public TrainingState state() {
    requireFitting("state");
    Parameters parameters = plan.snapshot();
    int fault = parameters.firstNotFinite();
    if (fault >= 0) { // with a loss that still was a number: the last update, or what no loss sees
      throw new DivergedException(spec, fault, epoch, batchesDone);
    }
    return new TrainingState(
        parameters,
        epoch,
        batchesDone,
        progress.epoch().toArray(),
        history.copy(),
        plan.states(),
        Stream.of(callbacks).map(Callback::state).toList());
  }

  private void requireFitting(String what) {
    if (fitting != Thread.currentThread()) {
      throw new IllegalStateException(
          what
              + ": "
              + (fitting == null ? "the fit has ended" : "the fit runs on another thread")
              + "; ask from within a callback");
    }
  }

  private static double seconds(long from, long to) {
    return (to - from) * 1e-9;
  }
}
