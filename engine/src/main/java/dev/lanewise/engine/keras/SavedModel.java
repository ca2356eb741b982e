package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Pretrained;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model file holds.
 *
 * @param name the model's name
 * @param graph its layers, and what each of them reads
 * @param layerNames the layers' names, each unique in the model: those of models in it stand before
 *     the names of their layers, as in {@code encoder/lstm}
 * @param models the models in it, mostly none
 * @param objective what it is judged by; absent if it was never compiled or its loss is not
 *     supported
 * @param optimizer how it learns; absent if it was never compiled or its optimizer is not supported
 * @param obstacles what in the file is not supported and changes no prediction, so that it can only
 *     predict here and neither learn nor be written again; mostly empty
 * @param parameters weights, and the optimizer's state if there is any
 * @param origin who saved it, and when
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record SavedModel(
    String name,
    Graph graph,
    List<String> layerNames,
    List<NestedModel> models,
    @Nullable Objective objective,
    @Nullable NamedOptimizer optimizer,
    List<Obstacle> obstacles,
    Parameters parameters,
    Origin origin) {
  /** The version of Keras whose files are written: what they hold, all later versions read. */
  static final String KERAS_VERSION = "3.16.0";

  /**
   * Returns a stack of layers, first to last, with the name of its input.
   *
   * @param name the model's name
   * @param input the shape of one sample
   * @param inputName the name of its input
   * @param layers first to last, each with its name
   * @param objective what it is judged by, if it was compiled
   * @param optimizer how it learns, if it was compiled
   * @param obstacles what keeps it from being trained, mostly nothing
   * @param parameters weights, and the optimizer's state if there is any
   * @param origin who saved it, and when
   */
  public SavedModel(
      String name,
      Shape input,
      String inputName,
      List<NamedLayer> layers,
      @Nullable Objective objective,
      @Nullable NamedOptimizer optimizer,
      List<Obstacle> obstacles,
      Parameters parameters,
      Origin origin) {
    this(
        name,
        Graph.chain(
            new Graph.Input(inputName, input), layers.stream().map(NamedLayer::layer).toList()),
        layers.stream().map(NamedLayer::name).toList(),
        List.of(),
        objective,
        optimizer,
        obstacles,
        parameters,
        origin);
  }

  /** Makes the lists unmodifiable. */
  public SavedModel {
    layerNames = List.copyOf(layerNames);
    models = List.copyOf(models);
    obstacles = List.copyOf(obstacles);
  }

  /** {@return the layers, in the order of their weights} */
  public List<NamedLayer> layers() {
    List<NamedLayer> layers = new ArrayList<>();
    for (int i = 0; i < layerNames.size(); i++) {
      layers.add(new NamedLayer(layerNames.get(i), graph.layers().get(i)));
    }
    return layers;
  }

  /**
   * {@return the shape of one sample}
   *
   * @throws IllegalStateException if the model has several inputs
   */
  public Shape input() {
    return spec().input();
  }

  /** {@return the shapes of one sample's inputs} */
  public List<Shape> inputs() {
    return spec().inputs();
  }

  /**
   * {@return the model for samples of these shapes, if its inputs leave the number of steps open;
   * written again, it leaves it open as before}
   *
   * @param samples the shape of each input's samples, in order
   * @throws ModelFormatException if a layer cannot take so many steps
   */
  public SavedModel forInputs(List<Shape> samples) {
    try {
      return new SavedModel(
          name,
          graph.forInputs(samples),
          layerNames,
          models,
          objective,
          optimizer,
          obstacles,
          parameters,
          origin);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  /** {@return the sizes of each value of one sample, -1 where the model leaves one open} */
  public List<List<Integer>> openShapes() {
    return FileShape.of(graph).stream().map(FileShape::sizes).toList();
  }

  /** {@return the name of the first input} */
  public String inputName() {
    return graph.inputs().getFirst().name();
  }

  /**
   * {@return a name for each output: that of the layer, or of the model in this one, that gives it,
   * numbered where it recurs}
   */
  public List<String> outputNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layerNames.size(); i++) {
      NestedModel model = NestedModel.with(i, models);
      names.add(model == null ? layerNames.get(i) : model.name());
    }
    return KerasNames.ofOutputs(graph, names);
  }

  /**
   * A layer with its own name.
   *
   * @param name unique in its model
   * @param layer what it is
   */
  public record NamedLayer(String name, Layer layer) {}

  /**
   * What a model is judged by.
   *
   * @param outputs what each of its outputs is judged by
   * @param omitted the names of metrics that are not supported, which are not reported
   */
  public record Objective(List<OutputSpec> outputs, List<String> omitted) {
    /** Makes the lists unmodifiable. */
    public Objective {
      outputs = List.copyOf(outputs);
      omitted = List.copyOf(omitted);
    }

    /**
     * Returns what a model with one output is judged by.
     *
     * @param loss what is minimised
     * @param metrics what is reported beside it
     * @param omitted the names of metrics that are not supported, and left out
     */
    public Objective(Loss loss, List<Metric> metrics, List<String> omitted) {
      this(List.of(OutputSpec.only(loss, metrics)), omitted);
    }

    /** {@return what training minimises at the first output} */
    public Loss loss() {
      return outputs.getFirst().loss();
    }

    /** {@return what is reported beside the loss} */
    public List<Metric> metrics() {
      return OutputSpec.reported(outputs);
    }
  }

  /**
   * An optimizer with its own name.
   *
   * @param name its name
   * @param rule how gradients change parameters
   */
  public record NamedOptimizer(String name, Optimizer rule) {}

  /**
   * Something in a file that is not supported and changes no prediction.
   *
   * @param reason what it is, in one line
   * @param changesLoss whether the loss that {@code evaluate} reports would be another without it
   */
  public record Obstacle(String reason, boolean changesLoss) {}

  /**
   * Where a file comes from.
   *
   * @param kerasVersion the version of Keras, or that whose format it is
   * @param dateSaved local time, for example {@code 2026-01-31@17:19:29}; empty if not known
   */
  public record Origin(String kerasVersion, String dateSaved) {
    /** Returns the origin of a model that is saved now. */
    static Origin at(LocalDateTime time) {
      String date =
          String.format(
              Locale.ROOT,
              "%04d-%02d-%02d@%02d:%02d:%02d",
              time.getYear(),
              time.getMonthValue(),
              time.getDayOfMonth(),
              time.getHour(),
              time.getMinute(),
              time.getSecond());
      return new Origin(KERAS_VERSION, date);
    }
  }

  /**
   * {@return a model as it is now, named as Keras names it; one that is not compiled says nothing
   * of how it learns}
   *
   * @param model the model; it goes on as before
   * @param time local time to note as the date of saving
   */
  public static SavedModel of(Model model, LocalDateTime time) {
    return of(model, time, null, model.parameters());
  }

  /**
   * {@return a model with other parameters}
   *
   * @param model the model that they are of
   * @param time local time to note as the date of saving
   * @param origin the file that the model comes from, whose names it keeps; null if it is new
   * @param parameters weights and the optimizer's state
   */
  public static SavedModel of(
      Model model, LocalDateTime time, @Nullable SavedModel origin, Parameters parameters) {
    Graph graph = model.graph();
    ModelSpec spec = model.isCompiled() ? model.spec() : null;
    return new SavedModel(
        origin == null ? graph.isChain() ? "sequential" : "functional" : origin.name,
        origin == null ? graph : origin.graph,
        origin == null ? named(graph, spec) : origin.layerNames,
        origin == null ? List.of() : origin.models,
        spec == null ? null : new Objective(spec.outputs(), List.of()),
        spec == null ? null : named(spec.optimizer(), origin, parameters),
        List.of(),
        new Parameters(parameters.values(), parameters.slots(), parameters.iterations()),
        Origin.at(time));
  }

  private static NamedOptimizer named(
      Optimizer rule, @Nullable SavedModel origin, Parameters parameters) {
    NamedOptimizer old = origin == null ? null : origin.optimizer;
    return new NamedOptimizer(old == null ? rule.kerasName() : old.name, parameters.ruleOf(rule));
  }

  /** A layer that gives one of several outputs has that one's name, by which Keras reports it. */
  private static List<String> named(Graph graph, @Nullable ModelSpec spec) {
    List<String> names = new ArrayList<>(KerasNames.of(graph.layers()));
    List<OutputSpec> outputs = spec == null ? List.of() : spec.outputs();
    for (int i = 0; i < outputs.size() && outputs.size() > 1; i++) {
      int value = graph.outputs().get(i);
      int node = graph.giver(value);
      int layer = graph.nodes().get(node).layer();
      String name = outputs.get(i).name();
      boolean taken =
          names.contains(name) || graph.inputs().stream().anyMatch(in -> in.name().equals(name));
      if (!taken && graph.calls(layer) == 1 && value == graph.firstValue(node)) {
        names.set(layer, name);
      }
    }
    return names;
  }

  /** Returns whether the file says how the model is judged and how it learns. */
  boolean compiled() {
    return objective != null && optimizer != null;
  }

  /** {@return why it can only predict here, or null if it can learn and be written again} */
  public @Nullable String obstacle() {
    return obstacles.isEmpty() ? null : obstacles.getFirst().reason;
  }

  /** {@return why its loss cannot be computed here, or null if nothing is known against it} */
  public @Nullable String lossObstacle() {
    return obstacles.stream()
        .filter(Obstacle::changesLoss)
        .map(Obstacle::reason)
        .findFirst()
        .orElse(null);
  }

  /**
   * {@return the description of the model} Where the file does not say, or says what is not
   * supported, the loss is that which goes with the last layer and the optimizer Adam with Keras's
   * defaults; neither changes a prediction.
   */
  public ModelSpec spec() {
    return new ModelSpec(
        graph,
        objective == null ? defaultOutputs() : objective.outputs,
        optimizer == null ? Adam.withDefaults() : optimizer.rule);
  }

  private List<OutputSpec> defaultOutputs() {
    List<String> names = outputNames();
    List<OutputSpec> outputs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      boolean classes = graph.outputActivation(i) == Activation.SOFTMAX;
      Loss loss = classes ? Loss.CATEGORICAL_CROSSENTROPY : Loss.MEAN_SQUARED_ERROR;
      List<Metric> metrics = classes ? List.of(Metric.ACCURACY) : List.of();
      outputs.add(
          names.size() == 1
              ? OutputSpec.only(loss, metrics)
              : new OutputSpec(names.get(i), loss, 1, metrics));
    }
    return outputs;
  }

  /**
   * {@return a model with these parameters, compiled, whose memory the caller closes} See {@link
   * #spec} for one that was never compiled.
   *
   * @throws ModelFormatException if a weight is no number, or infinite
   */
  public Model toModel() {
    requireFinite();
    ModelSpec spec = spec();
    Model model = Model.of(graph).compile(spec.optimizer(), spec.outputs());
    model.setParameters(parameters);
    String obstacle = obstacle();
    return obstacle == null ? model : model.unlike(obstacle, Optional.ofNullable(lossObstacle()));
  }

  /**
   * {@return the layers with their weights, to begin with in another model}
   *
   * @throws ModelFormatException if a weight is no number, or infinite
   */
  public Pretrained pretrained() {
    requireFinite();
    return Pretrained.of(graph, parameters.values());
  }

  /**
   * Refuses weights that make every answer meaningless.
   *
   * @throws ModelFormatException if a weight is no number, or infinite
   */
  public void requireFinite() {
    String fault = weightFault();
    if (fault != null) {
      throw new ModelFormatException(fault);
    }
  }

  /** {@return which weights are no numbers, or infinite, in one line, or null if none are} */
  public @Nullable String weightFault() {
    int array = parameters.firstNotFinite();
    int next = 0;
    for (int i = 0; array >= 0 && i < layerNames.size(); i++) {
      for (ParameterSpec parameter : graph.parameters(i)) {
        if (next++ == array) {
          return "layer "
              + LayerConfig.shortened(layerNames.get(i))
              + ": "
              + parameter.name()
              + " has values that are NaN or infinite, so that no answer means anything; the"
              + " training that made it diverged, or the file is damaged";
        }
      }
    }
    return null;
  }
}
