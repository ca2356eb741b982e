package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.event.Events;
import dev.lanewise.engine.event.PlanEvent;
import dev.lanewise.engine.event.PredictEvent;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan that a model has now, what the next one is made with, and the weights: the plan's while
 * there is one, and kept from plan to plan.
 */
final class CurrentPlan {
  /** Of windows: whichever the plan at hand has, which is nothing to an answer. */
  private static final int ANY_WINDOW = -1;

  private long seed;
  private int threads = Runtime.getRuntime().availableProcessors();
  private @Nullable Backend backend;
  private @Nullable Parameters parameters;
  private @Nullable Plan plan;

  /** Whether it answers alone, with no room for training; what is learned is in the parameters. */
  private boolean answers;

  /** Of stateful layers between two plans, whatever the steps of the next batch. */
  private List<float[]> states = List.of();

  private int batch;
  private int window;
  private List<Shape> inputs = List.of();
  private boolean fitting;

  void seedWith(long newSeed) {
    seed = newSeed;
  }

  long seed() {
    return seed;
  }

  void runOn(int count) {
    threads = new PlanOptions(1, count).threads();
  }

  void runOn(Backend newBackend) {
    backend = newBackend;
  }

  /** Returns whether there is a plan, so that what it was made with can no longer change. */
  boolean isMade() {
    return plan != null;
  }

  /**
   * Keeps the weights, and the states of stateful layers, for a plan that learns by another rule.
   *
   * @param former what they were learned by
   */
  void beginAfresh(ModelSpec former) {
    if (parameters != null) {
      parameters = answering(parameters(former));
    }
    if (plan != null) {
      states = former.batchSize() > 0 ? plan.states() : List.of();
      close();
    }
  }

  /** Has the plan stay as it is until the fit ends. */
  void beginFit() {
    fitting = true;
  }

  void endFit() {
    fitting = false;
  }

  /**
   * Returns a plan for samples of that shape, batches up to a size, and windows of that length; one
   * that fits stays, else another takes its place, parameters and all.
   */
  Plan of(ModelSpec compiled, int wanted, int wantedWindow) {
    return of(compiled, wanted, wantedWindow, false);
  }

  /** Returns a plan that answers: the one that trains, if there is one, else one without that. */
  Plan toAnswer(ModelSpec compiled, int wanted) {
    return of(compiled, wanted, ANY_WINDOW, plan == null || answers);
  }

  /** Computes loss and metrics; states of stateful layers move on. */
  Evaluation evaluate(ModelSpec compiled, Dataset data, int batchSize) {
    DataFit.requireBatches(compiled, "evaluate", data.size(), batchSize);
    Totals totals = new Totals(compiled);
    int most = Math.min(batchSize, data.size());
    of(compiled.forInputs(data.inputs()), most, ANY_WINDOW).evaluate(data, most, totals);
    return new Evaluation(Logs.of(totals, ""));
  }

  /** Computes outputs, row-major, one sample after the other; states move on. */
  float[] predict(ModelSpec answering, Dataset data, int batchSize) {
    DataFit.requireBatches(answering, "predict", data.size(), batchSize);
    ModelSpec ofData = answering.forInputs(data.inputs());
    int each = SampleSizes.of(ofData).output();
    float[] outputs = new float[Math.multiplyExact(data.size(), each)];
    int most = Math.min(batchSize, data.size());
    PredictEvent event = Events.predict();
    toAnswer(ofData, most).predict(data, most, outputs);
    if (event != null) {
      event.samples = data.size();
      event.commit();
    }
    return outputs;
  }

  private Plan of(ModelSpec compiled, int wanted, int wantedWindow, boolean toAnswer) {
    int batchSize = compiled.batchSize() > 0 ? compiled.batchSize() : wanted;
    // A callback may evaluate in larger batches than the fit around it trains in: the plan that
    // trains stays, and takes them in parts, which changes no result. It refuses other shapes.
    boolean alike =
        (wantedWindow == ANY_WINDOW || wantedWindow == window) && (toAnswer || !answers);
    boolean fits = alike && compiled.inputs().equals(inputs) && batchSize <= batch;
    if (plan != null && (fits || fitting)) {
      return plan;
    }
    PlanOptions options = new PlanOptions(batchSize, threads, seed, Math.max(wantedWindow, 0));
    if (plan != null) {
      parameters = parameters(compiled);
      states = compiled.batchSize() > 0 ? plan.states() : List.of();
      close();
    }
    // Refuses a model that does not fit before any weight is drawn.
    boolean alone = toAnswer && backend().answersFrozen();
    Plan made = compile(alone ? compiled.frozen() : compiled, options);
    try {
      made.load(alone ? answering(kept(compiled)) : kept(compiled));
      if (!states.isEmpty()) {
        made.setStates(states);
      }
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
    plan = made;
    answers = alone;
    states = List.of();
    batch = batchSize;
    inputs = compiled.inputs();
    window = options.window();
    return made;
  }

  private Plan compile(ModelSpec model, PlanOptions options) {
    PlanEvent event = Events.plan();
    Plan made = backend().compile(model, options);
    if (event != null) {
      event.backend = backend().name();
      event.model = model.graph().toString();
      event.parameters = model.parameterCount();
      event.maximumBatch = options.maximumBatch();
      event.bytes = made.bytes();
      event.commit();
    }
    return made;
  }

  /**
   * Returns a frozen copy that answers.
   *
   * @param compiled the model as it was compiled, which has the weights
   * @param asked the same for the steps that are asked for
   */
  Predictor predictor(ModelSpec compiled, ModelSpec asked, Precision precision) {
    return backend().predictor(asked, parameters(compiled), threads, precision);
  }

  /** Returns a copy of the weights and the optimizer's state. */
  Parameters parameters(ModelSpec compiled) {
    return plan != null && !answers ? plan.snapshot() : kept(compiled);
  }

  private static Parameters answering(Parameters all) {
    return new Parameters(all.values(), List.of(), 0);
  }

  private Parameters kept(ModelSpec compiled) {
    if (parameters == null) {
      parameters = StartWeights.of(compiled, seed);
    }
    return parameters;
  }

  void load(Parameters newParameters) {
    parameters = newParameters;
    if (plan != null) {
      plan.load(answers ? answering(newParameters) : newParameters);
    }
  }

  void resetStates() {
    states = List.of();
    if (plan != null) {
      plan.resetStates();
    }
  }

  long bytes() {
    return plan == null ? 0 : plan.bytes();
  }

  void close() {
    if (plan != null) {
      plan.close();
      plan = null;
    }
  }

  private Backend backend() {
    if (backend == null) {
      backend = Backends.named("cpu");
    }
    return backend;
  }
}
