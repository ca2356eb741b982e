package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.SplitOutputs;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Pretrained;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Layers with parameters: Keras's {@code Sequential}, or a graph of them. Owns off-heap memory from
 * its first use until {@link #close}. For one thread at a time: a call while another thread's is
 * running is an {@link IllegalStateException}, and so is every call but {@code close} once it is
 * closed. A fit's callbacks may ask the model, but not train or close it.
 */
public final class Model implements AutoCloseable {
  private final Graph graph;
  private final Turn turn = new Turn();
  private final CurrentPlan plan = new CurrentPlan();
  private Unlike unlike = Unlike.NOTHING;
  private @Nullable ModelSpec spec;

  private Model(Graph graph) {
    this.graph = graph;
  }

  /**
   * {@return a model whose layers follow one another}
   *
   * @param input the shape of one sample: [features] or [steps, features]
   * @param layers the stack, first to last
   * @throws IllegalArgumentException if there are no layers, or one cannot take its input
   */
  public static Model sequential(Shape input, Layer... layers) {
    return new Model(Graph.chain(input, List.of(layers)));
  }

  /**
   * {@return a model whose layers follow one another, from an input that says more than its shape,
   * such as how many samples every batch has}
   *
   * @param input name, shape and batch of what the first layer reads
   * @param layers the stack, first to last
   * @throws IllegalArgumentException if there are no layers, or one cannot take its input
   */
  public static Model sequential(Graph.Input input, Layer... layers) {
    return new Model(Graph.chain(input, List.of(layers)));
  }

  /**
   * {@return a model whose layers read what they are given; see {@link GraphBuilder}}
   *
   * @param wiring is given the builder, and tells it what reads what
   * @throws IllegalArgumentException if a layer cannot take what it reads, or something is read by
   *     nobody
   */
  public static Model graph(Consumer<GraphBuilder> wiring) {
    GraphBuilder builder = new GraphBuilder();
    wiring.accept(builder);
    return of(builder.build());
  }

  /**
   * {@return a model whose layers read what a graph says}
   *
   * @param graph layers, and what each reads
   */
  public static Model of(Graph graph) {
    return new Model(graph);
  }

  /**
   * Sets the seed of the start weights, before the first use; 0 unless set.
   *
   * @param newSeed that of the start weights
   * @return this model
   */
  public Model withSeed(long newSeed) {
    return set("withSeed", () -> plan.seedWith(newSeed));
  }

  /** {@return the seed of the start weights, and of what is drawn in training} */
  public long seed() {
    return turn.of("seed", plan::seed);
  }

  /**
   * Sets the threads to use, before the first use; all processors unless set.
   *
   * @param count at least 1
   * @return this model
   */
  public Model withThreads(int count) {
    return set("withThreads", () -> plan.runOn(count));
  }

  /**
   * Sets the backend, before the first use; the CPU unless set.
   *
   * @param newBackend what computes
   * @return this model
   */
  public Model onBackend(Backend newBackend) {
    return set("onBackend", () -> plan.runOn(newBackend));
  }

  /**
   * Says how the model learns and what it reports. Of several outputs all have the loss, and no
   * metrics. A model that has learned may be compiled again: it keeps its weights, and what the
   * optimizer kept begins afresh.
   *
   * @param optimizer how gradients change weights
   * @param loss what is minimised
   * @param reported metrics to report beside the loss
   * @return this model
   * @throws IllegalArgumentException if two metrics have one name, or there are any of several
   *     outputs
   * @throws IllegalStateException if called by a callback of a running fit
   */
  public Model compile(Optimizer optimizer, Loss loss, Metric... reported) {
    return compile(() -> new ModelSpec(graph, loss, optimizer, List.of(reported)));
  }

  /**
   * Says how a model of several outputs learns, and what it reports of each of them: {@code
   * NAME_loss}, and its metrics as {@code NAME_METRIC}.
   *
   * @param optimizer how gradients change weights
   * @param outputs what each output is judged by, in the graph's order
   * @return this model
   * @throws IllegalArgumentException if they are not as many as the model has, or two of what is
   *     reported would have one name
   * @throws IllegalStateException if called by a callback of a running fit
   */
  public Model compile(Optimizer optimizer, List<OutputSpec> outputs) {
    return compile(() -> new ModelSpec(graph, outputs, optimizer));
  }

  private Model compile(Supplier<ModelSpec> next) {
    return turn.whole(
        "compile",
        () -> {
          ModelSpec compiled = next.get();
          OutputSpec.requireOrder(answering().outputs(), compiled.outputs());
          plan.beginAfresh(answering());
          spec = compiled;
          unlike = Unlike.NOTHING;
          return this;
        });
  }

  /**
   * Refuses to train the model, as it is compiled, by what it would do otherwise than its file.
   *
   * @param reason what training it would do otherwise
   * @param ofLoss what its loss is otherwise, absent if it is the same
   * @return this model
   */
  public Model unlike(String reason, Optional<String> ofLoss) {
    return turn.whole(
        "unlike",
        () -> {
          unlike = new Unlike(Optional.of(reason), ofLoss);
          return this;
        });
  }

  /** {@return the description of the compiled model} */
  public ModelSpec spec() {
    return turn.of("spec", this::compiled);
  }

  /** {@return the layers, and what each reads} */
  public Graph graph() {
    return turn.of("graph", () -> graph);
  }

  /** {@return whether it is said how the model learns} */
  public boolean isCompiled() {
    return turn.of("isCompiled", () -> spec != null);
  }

  /** {@return the layers with their shapes and parameters; printed, it is a table} */
  public Summary summary() {
    return turn.of("summary", () -> Summary.of(answering(), KerasNames.of(graph.layers())));
  }

  /** {@return what is reported beside the loss} */
  public List<Metric> metrics() {
    return turn.of("metrics", () -> spec == null ? List.of() : spec.metrics());
  }

  /**
   * Trains.
   *
   * @param data all samples, the last being held out if the options have a validation split
   * @param options how
   * @param callbacks told of batches and epochs as they end
   * @return what was reported, epoch by epoch
   * @throws IllegalArgumentException if the data do not fit the model, the split leaves a side
   *     empty, or a callback sets the step size that a schedule gives
   * @throws DivergedException if a batch's or a validation's loss is not finite, or a parameter is
   *     not when a callback asks for the fit's state
   * @throws IllegalStateException if called by a callback of a running fit, or the model was read
   *     from a file that says what is not offered in training, and not compiled since
   */
  public History fit(Dataset data, FitOptions options, Callback... callbacks) {
    return turn.whole("fit", () -> train(data, options, null, callbacks));
  }

  /**
   * Goes on with a fit that another process began, to the same end, bit by bit.
   *
   * @param state where that fit stood
   * @param data the same samples
   * @param options the same options
   * @param callbacks the same callbacks, in their order
   * @return what all epochs reported
   * @throws IllegalArgumentException if the state does not fit the model, the options or the
   *     callbacks
   */
  public History resume(
      TrainingState state, Dataset data, FitOptions options, Callback... callbacks) {
    return turn.whole("resume", () -> train(data, options, state, callbacks));
  }

  private History train(
      Dataset data, FitOptions options, @Nullable TrainingState state, Callback... callbacks) {
    ModelSpec ofData = compiled().forInputs(data.inputs());
    unlike.requireTrainable();
    FitData fitted = FitData.of(ofData, data, options);
    int window = options.truncatedBackprop();
    Plan current = plan.of(ofData, Math.min(options.batchSize(), fitted.training().size()), window);
    plan.beginFit();
    try {
      return new Trainer(current, ofData, options, List.of(callbacks)).fit(fitted, state);
    } finally {
      plan.endFit();
    }
  }

  /**
   * Computes loss and metrics.
   *
   * @param data samples with targets
   * @param batchSize samples at a time; the result does not depend on it. Where layers are stateful
   *     it is theirs, and their states move on
   * @return loss and metrics, by Keras's names
   * @throws IllegalStateException if the model was read from a file with a loss that is not
   *     offered, and not compiled since
   */
  public Evaluation evaluate(Dataset data, int batchSize) {
    return turn.of(
        "evaluate",
        () -> {
          unlike.requireLoss();
          return plan.evaluate(compiled(), data, batchSize);
        });
  }

  /**
   * Computes outputs, row-major, one sample after the other. A model that has only been asked so
   * need not be compiled, and on the CPU has no room for gradients and for what an optimizer keeps.
   *
   * @param data samples; targets are not looked at
   * @param batchSize samples at a time; the result does not depend on it. Where layers are stateful
   *     it is theirs, and their states move on
   * @return [samples, outputs]
   */
  public float[] predict(Dataset data, int batchSize) {
    return turn.of("predict", () -> plan.predict(answering(), data, batchSize));
  }

  /**
   * Computes outputs; otherwise as {@link #predict}.
   *
   * @param data samples; targets are not looked at
   * @param batchSize samples at a time
   * @return an array an output, in the model's order: [samples, values of that output]
   */
  public List<float[]> predictEach(Dataset data, int batchSize) {
    return turn.of(
        "predictEach",
        () -> {
          ModelSpec ofData = answering().forInputs(data.inputs());
          return SplitOutputs.of(ofData.outputShapes(), plan.predict(ofData, data, batchSize));
        });
  }

  /**
   * {@return a frozen copy of the model as it is now, which answers any number of threads at once,
   * whatever becomes of this model; the caller closes it}
   *
   * @throws IllegalStateException if the model's inputs leave the number of steps open
   */
  public Predictor predictor() {
    return turn.of("predictor", () -> predictorOf(answering().ofKnownSteps(), Precision.FLOAT32));
  }

  /**
   * {@return a predictor of a model whose inputs leave the number of steps open, for samples of so
   * many; {@code predictor(1)} is enough for streams}
   *
   * @param steps one number for all such inputs, or one each, in their order
   * @throws IllegalArgumentException if there are other numbers of them, or a layer cannot take so
   *     many steps
   */
  public Predictor predictor(int... steps) {
    return turn.of("predictor", () -> predictorOf(answering().forSteps(steps), Precision.FLOAT32));
  }

  /**
   * {@return a predictor with weights of another precision than that of training; otherwise as the
   * others}
   *
   * @param precision how the predictor keeps its weights
   * @param steps as in {@link #predictor(int...)}; none where the model's inputs have their steps
   * @throws IllegalArgumentException if the backend has no kernels for it
   */
  public Predictor predictor(Precision precision, int... steps) {
    return turn.of(
        "predictor",
        () ->
            predictorOf(
                steps.length == 0 ? answering().ofKnownSteps() : answering().forSteps(steps),
                precision));
  }

  private Predictor predictorOf(ModelSpec asked, Precision precision) {
    return plan.predictor(answering(), asked, precision);
  }

  /** {@return the layers with their weights as they are now, to begin with in another model} */
  public Pretrained pretrained() {
    return turn.of("pretrained", () -> Pretrained.of(graph, plan.parameters(answering()).values()));
  }

  /** {@return a copy of the parameters and the optimizer's state} */
  public Parameters parameters() {
    return turn.of("parameters", () -> plan.parameters(answering()));
  }

  /**
   * Sets parameters and optimizer state. Values are taken as they are: with one that is NaN or
   * infinite answers may be NaN, and {@link #fit} throws {@link DivergedException} once its loss
   * is.
   *
   * @param newParameters an array each of the model's, in its order, and the optimizer's state
   * @throws IllegalArgumentException if they do not fit the model
   */
  public void setParameters(Parameters newParameters) {
    setParameters("setParameters", () -> newParameters);
  }

  private Model setParameters(String call, Supplier<Parameters> given) {
    return turn.of(
        call,
        () -> {
          Parameters newParameters = given.get();
          newParameters.requireFit(answering());
          plan.load(newParameters);
          return this;
        });
  }

  /**
   * Sets the mean and the variance of every {@link dev.lanewise.engine.layer.Normalization} that
   * reads an input of the model to those of data, before it is trained.
   *
   * @param data samples of the model's inputs
   * @return this model
   * @throws IllegalArgumentException if the samples are not the model's, or no such layer reads
   *     them
   */
  public Model adapt(Dataset data) {
    return setParameters(
        "adapt", () -> Adaptation.of(answering(), data, plan.parameters(answering())));
  }

  /**
   * Has the next batch begin with states of zero, in a model whose layers are stateful: nothing
   * else does, not even the end of an epoch. A callback may ask for it.
   *
   * @return this model
   */
  public Model resetStates() {
    return turn.of(
        "resetStates",
        () -> {
          plan.resetStates();
          return this;
        });
  }

  /** {@return the off-heap bytes that the model holds now} */
  public long bytes() {
    return turn.of("bytes", plan::bytes);
  }

  /**
   * Makes the plan for batches of this size ahead of its first use, so that the first fit or
   * prediction need not; not that of a model whose inputs leave the number of steps open, which
   * only its data tell.
   *
   * @param batchSize samples at a time, at least 1
   */
  public void prepare(int batchSize) {
    prepare(batchSize, 0);
  }

  /**
   * Makes the plan for training with truncated backpropagation ahead of it; otherwise as the other.
   * {@link #bytes} then tells what that takes.
   *
   * @param batchSize samples at a time, at least 1
   * @param truncatedBackprop the steps of a window, 0 for whole sequences
   * @throws IllegalArgumentException if the model cannot be trained so
   */
  public void prepare(int batchSize, int truncatedBackprop) {
    turn.of(
        "prepare",
        () -> {
          if (!graph.anySteps()) {
            plan.of(compiled(), batchSize, truncatedBackprop);
          }
          return this;
        });
  }

  /**
   * Frees all memory; closing again does nothing.
   *
   * @throws IllegalStateException if it is computing
   */
  @Override
  public void close() {
    if (!turn.isClosed()) {
      turn.whole("close", this::end);
    }
  }

  private Model end() {
    plan.close();
    turn.close();
    return this;
  }

  private ModelSpec compiled() {
    if (spec == null) {
      throw new IllegalStateException("model is not compiled; call compile first");
    }
    return spec;
  }

  /** Returns what answers, whatever it is to learn by. */
  private ModelSpec answering() {
    return spec != null
        ? spec
        : new ModelSpec(graph, Loss.MEAN_SQUARED_ERROR, Sgd.of(1), List.of());
  }

  /** Sets what a plan is made with. */
  private Model set(String what, Runnable change) {
    return turn.of(
        what,
        () -> {
          if (plan.isMade()) {
            throw new IllegalStateException(what + ": the model is in use already; call it before");
          }
          change.run();
          return this;
        });
  }
}
