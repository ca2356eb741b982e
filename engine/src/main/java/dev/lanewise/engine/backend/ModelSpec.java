package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.KerasNames;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** All that a backend needs to know of a model: its graph, how it is judged, and how it learns. */
public final class ModelSpec {
  private final Graph graph;
  private final List<OutputSpec> outputs;
  private final Optimizer optimizer;
  private final List<Metric> metrics;

  /**
   * Describes a model.
   *
   * @param graph the layers, and what each of them reads
   * @param outputs what each of its outputs is judged by, in the graph's order
   * @param optimizer how gradients change parameters
   * @throws IllegalArgumentException if there are not as many as the graph has, two of what is
   *     reported would have one name, or a metric is not of such outputs
   */
  public ModelSpec(Graph graph, List<OutputSpec> outputs, Optimizer optimizer) {
    this.graph = graph;
    this.outputs = List.copyOf(outputs);
    this.optimizer = optimizer;
    if (outputs.size() != graph.outputs().size()) {
      throw new IllegalArgumentException(
          "model: has "
              + graph.outputs().size()
              + " outputs, found losses of "
              + outputs.size()
              + "; compile it with an OutputSpec for each");
    }
    metrics = OutputSpec.reported(outputs);
    for (int output = 0; output < outputs.size(); output++) {
      OutputSpec judged = outputs.get(output);
      if (judged.loss() instanceof Ctc) {
        boolean masked = graph.masks().of(graph.outputs().get(output)) != null;
        CtcFit.requireOutput(judged, shapeOf(output), masked);
      }
      for (Metric metric : judged.metrics()) {
        String fault = metric.measure().fault(shapeOf(output));
        if (fault != null) {
          throw new IllegalArgumentException("metric " + metric.name() + ": " + fault);
        }
      }
    }
  }

  /**
   * Describes a model whose outputs, of which there may be several, all have this loss.
   *
   * @param graph layers, and what each reads
   * @param loss what is minimised
   * @param optimizer how gradients change weights
   * @param metrics what is reported beside it, of a model with one output
   * @throws IllegalArgumentException if there are metrics of several outputs, or two have one name
   */
  public ModelSpec(Graph graph, Loss loss, Optimizer optimizer, List<Metric> metrics) {
    this(graph, alike(graph, loss, metrics), optimizer);
  }

  private static List<OutputSpec> alike(Graph graph, Loss loss, List<Metric> metrics) {
    if (graph.outputs().size() == 1) {
      return List.of(OutputSpec.only(loss, metrics));
    }
    if (!metrics.isEmpty()) {
      throw new IllegalArgumentException(
          "model: has "
              + graph.outputs().size()
              + " outputs, and metrics are of one; compile it with an OutputSpec for each");
    }
    return KerasNames.ofOutputs(graph, KerasNames.of(graph.layers())).stream()
        .map(name -> OutputSpec.of(name, loss))
        .toList();
  }

  /**
   * Describes a stack of layers.
   *
   * @param input the shape of one sample: [features] or [steps, features]
   * @param layers the stack, first to last
   * @param loss what is minimised
   * @param optimizer how gradients change weights
   * @param metrics what is reported beside the loss
   * @throws IllegalArgumentException if there are no layers or one cannot take its input, or two
   *     metrics have one name
   */
  public ModelSpec(
      Shape input, List<Layer> layers, Loss loss, Optimizer optimizer, List<Metric> metrics) {
    this(Graph.chain(input, layers), loss, optimizer, metrics);
  }

  /**
   * Describes a stack of layers that reports its loss alone.
   *
   * @param input the shape of one sample
   * @param layers the stack, first to last
   * @param loss what is minimised
   * @param optimizer how gradients change weights
   */
  public ModelSpec(Shape input, List<Layer> layers, Loss loss, Optimizer optimizer) {
    this(input, layers, loss, optimizer, List.of());
  }

  /**
   * {@return the model for samples of these shapes, if its inputs leave the number of steps open;
   * see {@link Graph#forInputs}}
   *
   * @param samples the shape of each input's samples, in order
   */
  public ModelSpec forInputs(List<Shape> samples) {
    Graph other = graph.forInputs(samples);
    return other.equals(graph) ? this : new ModelSpec(other, outputs, optimizer);
  }

  /**
   * {@return the same model of which nothing is trained: a plan of it has no room for gradients and
   * for what an optimizer keeps}
   */
  public ModelSpec frozen() {
    List<Layer> layers = graph.layers().stream().map(Layer::frozen).toList();
    Graph still = new Graph(graph.inputs(), layers, graph.nodes(), graph.outputs());
    return new ModelSpec(still, outputs, optimizer);
  }

  /**
   * {@return the model for samples of so many steps, if its inputs leave their number open}
   *
   * @param steps one number for all such inputs, or one each, in their order
   * @throws IllegalArgumentException if there are other numbers of them, or a layer cannot take so
   *     many steps
   */
  public ModelSpec forSteps(int... steps) {
    List<Graph.Input> inputs = graph.inputs();
    int open = Math.toIntExact(inputs.stream().filter(Graph.Input::anySteps).count());
    if (open == 0 || (steps.length != 1 && steps.length != open)) {
      throw new IllegalArgumentException(
          "model: "
              + graph
              + " has "
              + open
              + " inputs that leave the number of steps open, found "
              + steps.length
              + " numbers");
    }
    List<Shape> shapes = new ArrayList<>();
    int next = 0;
    for (Graph.Input input : inputs) {
      boolean any = input.anySteps();
      shapes.add(any ? input.shape().withFirst(steps[next % steps.length]) : input.shape());
      next += any ? 1 : 0;
    }
    return forInputs(shapes);
  }

  /**
   * {@return the model with these metrics}
   *
   * @param others those to report beside the loss
   * @throws IllegalArgumentException if it has several outputs
   */
  public ModelSpec withMetrics(List<Metric> others) {
    OutputSpec own = only("outputs", outputs);
    return new ModelSpec(
        graph, List.of(new OutputSpec(own.name(), own.loss(), own.weight(), others)), optimizer);
  }

  /** {@return the layers, and what each of them reads} */
  public Graph graph() {
    return graph;
  }

  /** {@return what each output is judged by} */
  public List<OutputSpec> outputs() {
    return outputs;
  }

  /** {@return how gradients change parameters} */
  public Optimizer optimizer() {
    return optimizer;
  }

  /**
   * {@return all that is reported beside the loss, output by output: of several each one's loss,
   * then its metrics} A backend computes no others.
   */
  public List<Metric> metrics() {
    return metrics;
  }

  /**
   * {@return what training minimises}
   *
   * @throws IllegalStateException if the model has several outputs, which have a loss each
   */
  public Loss loss() {
    return only("outputs", outputs).loss();
  }

  /**
   * {@return the same layers on samples of another shape}
   *
   * @param input the other shape
   * @throws IllegalStateException if the model has several inputs
   */
  public ModelSpec on(Shape input) {
    Graph.Input other = only("inputs", graph.inputs()).withShape(input);
    return new ModelSpec(Graph.chain(other, layers()), outputs, optimizer);
  }

  /**
   * {@return the samples that every batch must have, because layers keep states from one to the
   * next; 0 where none does}
   */
  public int batchSize() {
    return graph.batchSize();
  }

  /**
   * {@return the samples that every batch must have, or as many as usual where it may have any}
   *
   * @param usual how many where it may have any
   */
  public int batchOr(int usual) {
    return batchSize() == 0 ? usual : batchSize();
  }

  /** {@return the layers, in the order of their weights} */
  public List<Layer> layers() {
    return graph.layers();
  }

  /**
   * {@return the shape of one sample}
   *
   * @throws IllegalStateException if the model has several inputs
   */
  public Shape input() {
    return only("inputs", graph.inputs()).shape();
  }

  /** {@return the shapes of one sample's inputs} */
  public List<Shape> inputs() {
    return graph.inputs().stream().map(Graph.Input::shape).toList();
  }

  /**
   * {@return the shape of what layer {@code index} reads first}
   *
   * @param index its place in the graph's order
   */
  public Shape inputOf(int index) {
    return graph.inputOf(index);
  }

  /**
   * {@return the shape of one sample's output}
   *
   * @throws IllegalStateException if the model has several
   */
  public Shape output() {
    return graph.shapes().get(only("outputs", graph.outputs()));
  }

  private static <T> T only(String what, List<T> all) {
    if (all.size() != 1) {
      throw new IllegalStateException("model: has " + all.size() + " " + what + ", not one");
    }
    return all.getFirst();
  }

  /** {@return whether any input names rows of a table, as the ids of tokens} */
  public boolean takesIds() {
    return IntStream.range(0, graph.inputs().size()).anyMatch(i -> graph.tokenRows(i) > 0);
  }

  /** {@return every parameter, layer by layer, in Keras's order} */
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>();
    for (int i = 0; i < layers().size(); i++) {
      all.addAll(graph.parameters(i));
    }
    return List.copyOf(all);
  }

  /** {@return the parameters that training changes by their gradients, in Keras's order} */
  public List<ParameterSpec> trainableParameters() {
    return parameters().stream().filter(ParameterSpec::trainable).toList();
  }

  /**
   * {@return how the loss is computed from the output}
   *
   * @throws IllegalStateException if the model has several
   */
  public LossForm lossForm() {
    only("outputs", outputs);
    return lossForm(0);
  }

  /**
   * {@return how the loss of one of the outputs is computed from it}
   *
   * @param output its index, in the model's order
   */
  public LossForm lossForm(int output) {
    return LossForm.of(outputs.get(output).loss(), graph.outputActivation(output));
  }

  /**
   * {@return how a loss that is a metric of one of the outputs is computed from it}
   *
   * @param output its index, in the model's order
   * @param loss what is measured
   */
  public LossForm metricForm(int output, Loss loss) {
    return LossForm.ofMetric(loss, graph.outputActivation(output), lossForm(output));
  }

  /**
   * {@return this model}
   *
   * @throws IllegalStateException if its inputs leave the number of steps open
   */
  public ModelSpec ofKnownSteps() {
    if (graph.anySteps()) {
      throw new IllegalStateException(
          "predictor: the model takes samples of any number of steps, "
              + graph
              + "; say of how many, predictor(steps)");
    }
    return this;
  }

  /** {@return the shape of each output of one sample} */
  public List<Shape> outputShapes() {
    return graph.outputs().stream().map(graph.shapes()::get).toList();
  }

  /**
   * {@return the shape of one sample's values at one of the outputs}
   *
   * @param output its index, in the model's order
   */
  public Shape shapeOf(int output) {
    return graph.shapes().get(graph.outputs().get(output));
  }

  /**
   * {@return how many classes labels may tell apart at an output: one an output unit} A single unit
   * says yes or no where the loss is made for that; where the loss compares numbers, a label is
   * one.
   *
   * @param output its index, in the model's order
   */
  public int mostClasses(int output) {
    return LabelNumbers.mostClasses(outputs.get(output).loss(), shapeOf(output).size(-1));
  }

  /**
   * {@return the steps of an output, 1 where it is no sequence}
   *
   * @param output its index, in the model's order
   */
  public int positions(int output) {
    return shapeOf(output).positions();
  }

  /**
   * {@return how many class labels a sample's target at an output has where it has any: one, or one
   * a step; 0 for any number}
   *
   * @param output its index, in the model's order
   */
  public int targetLabels(int output) {
    return outputs.get(output).loss() instanceof Ctc ? 0 : positions(output);
  }

  /**
   * {@return how many numbers a sample's target at an output may be; 0 where it is the index of a
   * class, or the yes or no of a single unit}
   *
   * @param output its index, in the model's order
   */
  public int targetNumbers(int output) {
    int numbers = Math.toIntExact(shapeOf(output).elementCount());
    Loss loss = outputs.get(output).loss();
    boolean indices = loss instanceof SparseCategoricalCrossentropy || loss instanceof Ctc;
    return indices || (numbers == 1 && mostClasses(output) <= 2) ? 0 : numbers;
  }

  /** {@return the number of parameter elements} */
  public long parameterCount() {
    return elements(parameters());
  }

  /** {@return the number of parameter elements that training changes by their gradients} */
  public long trainableCount() {
    return elements(trainableParameters());
  }

  private static long elements(List<ParameterSpec> parameters) {
    return parameters.stream().mapToLong(p -> p.shape().elementCount()).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelSpec that
        && graph.equals(that.graph)
        && outputs.equals(that.outputs)
        && optimizer.equals(that.optimizer);
  }

  @Override
  public int hashCode() {
    return Objects.hash(graph, outputs, optimizer);
  }

  @Override
  public String toString() {
    return "ModelSpec[" + graph + ", " + outputs + ", " + optimizer + "]";
  }
}
