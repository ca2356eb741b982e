package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The description of a model's layers and of what each of them reads: a graph whose nodes stand in
 * an order in which every node reads only what was there before it. A sequential model is the graph
 * that is a chain.
 *
 * <p>Values are numbered: the inputs first, then what each node gives, node by node.
 */
public final class Graph {
  private static final String INPUT = "input_layer";

  /** Of a sample: a sequence of pictures has four. */
  private static final int MOST_SIZES = 4;

  private final List<Input> inputs;
  private final List<Layer> layers;
  private final List<Node> nodes;
  private final List<Integer> outputs;
  private final GraphValues values;
  private final int batchSize;
  private final LostMasks lostMasks;
  private final StartValues startValues;

  /**
   * What a model is given.
   *
   * @param name its name
   * @param shape the shape of one sample: [features], [steps, features], or of steps that are
   *     sequences or pictures themselves
   * @param anySteps whether samples may have any first size, the shape's being the one that this
   *     graph is for; see {@link #forInputs}
   * @param batchSize the samples of every batch, where layers keep states from one to the next; 0
   *     where a batch may have any
   * @param tellsMask whether it is no value for layers, but tells which steps of others count:
   *     those where it is not 0. Keras's input of booleans that calls take as {@code mask}
   */
  public record Input(
      String name, Shape shape, boolean anySteps, int batchSize, boolean tellsMask) {
    /**
     * Validates the shape.
     *
     * @throws IllegalArgumentException if it is none of a sample, or of a mask, which has one size,
     *     or the batch size is negative
     */
    public Input {
      if (tellsMask && shape.rank() != 1) {
        throw new IllegalArgumentException(
            "model: input "
                + name
                + " tells which steps count, and must be [steps], found "
                + shape);
      }
      if (batchSize < 0) {
        throw new IllegalArgumentException(
            "model: an input's batch size must be 0 or more, found " + batchSize);
      }
      if (shape.rank() < 1 || shape.rank() > MOST_SIZES) {
        throw new IllegalArgumentException(
            "model: input must have 1 to " + MOST_SIZES + " sizes, found " + shape);
      }
    }

    /**
     * Describes an input of values for layers.
     *
     * @param name as data and messages name it
     * @param shape a sample's shape
     * @param anySteps whether samples may have any first size
     * @param batchSize the samples of every batch, 0 where a batch may have any
     */
    public Input(String name, Shape shape, boolean anySteps, int batchSize) {
      this(name, shape, anySteps, batchSize, false);
    }

    /**
     * Describes an input of one shape alone.
     *
     * @param name as data and messages name it
     * @param shape a sample's shape
     */
    public Input(String name, Shape shape) {
      this(name, shape, false, 0);
    }

    /**
     * {@return whether samples of a shape may be given}
     *
     * @param samples their shape
     */
    public boolean takes(Shape samples) {
      return samples.equals(shape)
          || (anySteps
              && samples.rank() == shape.rank()
              && samples.withFirst(shape.size(0)).equals(shape));
    }

    /** Returns the input with samples of another shape if they may have it, or else as it is. */
    Input of(Shape samples) {
      return takes(samples) ? withShape(samples) : this;
    }

    /** {@return the shape as messages show it} */
    public String shown() {
      String sizes = shape.toString();
      return anySteps ? sizes.replaceFirst("\\d+", "any") : sizes;
    }

    /**
     * {@return an input with Keras's name, whose batches all have one size}
     *
     * @param batchSize how many samples every batch has, at least 1
     * @param shape a sample's shape
     */
    public static Input ofBatches(int batchSize, Shape shape) {
      return new Input(INPUT, shape, false, batchSize);
    }

    /**
     * {@return this input with so many samples in every batch, any where that is 0}
     *
     * @param samples how many, or 0
     */
    public Input ofBatches(int samples) {
      return new Input(name, shape, anySteps, samples, tellsMask);
    }

    /**
     * {@return this input with samples of another shape}
     *
     * @param other the shape of one
     */
    public Input withShape(Shape other) {
      return new Input(name, other, anySteps, batchSize, tellsMask);
    }

    /** {@return this input as one that tells which steps of others count} */
    public Input asMask() {
      return new Input(name, shape, anySteps, batchSize, true);
    }
  }

  /**
   * A call of a layer. Nodes of one layer share its weights.
   *
   * @param layer the layer's index
   * @param reads the values that it reads, in the layer's order
   * @param masks the values whose masks it heeds in place of those of what it reads, in that order,
   *     {@link MaskFlow#NONE} for no mask; empty where it is not told
   * @param within whether a layer at each step of a sequence heeds the masks that other such layers
   *     tell of the steps' own steps, as in a model that is called at each step
   */
  public record Node(int layer, List<Integer> reads, List<Integer> masks, boolean within) {
    /** Makes the lists unmodifiable. */
    public Node {
      reads = List.copyOf(reads);
      masks = List.copyOf(masks);
    }

    /**
     * Creates a call that heeds no masks within steps.
     *
     * @param layer the layer's index
     * @param reads the values that it reads, in order
     * @param masks the values whose masks it heeds; empty where it is not told
     */
    public Node(int layer, List<Integer> reads, List<Integer> masks) {
      this(layer, reads, masks, false);
    }

    /**
     * Creates a call that heeds the masks of what it reads, as the layer does.
     *
     * @param layer the layer's index
     * @param reads the values that it reads, in order
     */
    public Node(int layer, List<Integer> reads) {
      this(layer, reads, List.of());
    }
  }

  /**
   * Validates a graph.
   *
   * @param inputs what the model is given
   * @param layers the layers, whose weights follow one another in this order
   * @param nodes the calls, each after those whose values it reads
   * @param outputs the values that the model gives
   * @throws IllegalArgumentException if there are no layers, a layer cannot take what it reads, a
   *     value is read before it is there or by nobody, an input is an output, or masks come
   *     together that do not fit
   */
  public Graph(List<Input> inputs, List<Layer> layers, List<Node> nodes, List<Integer> outputs) {
    this(inputs, layers, nodes, outputs, StartValues.NONE);
  }

  /** Validates a graph of which some layers begin with what they were given elsewhere. */
  Graph(
      List<Input> inputs,
      List<Layer> layers,
      List<Node> nodes,
      List<Integer> outputs,
      StartValues startValues) {
    this.startValues = startValues;
    this.inputs = List.copyOf(inputs);
    this.layers = List.copyOf(layers);
    this.nodes = List.copyOf(nodes);
    this.outputs = List.copyOf(outputs);
    requireLayers(layers);
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new IllegalArgumentException("model: at least one input and one output are needed");
    }
    values = new GraphValues(this.inputs, this.layers, this.nodes);
    GraphUse.require(this);
    batchSize = KeptStates.batchSize(this);
    lostMasks = new LostMasks(this);
  }

  private static void requireLayers(List<Layer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("model: at least one layer is needed");
    }
  }

  /**
   * {@return the graph of layers that follow one another}
   *
   * @param input the shape of one sample, [features] or [steps, features]
   * @param layers first to last
   */
  public static Graph chain(Shape input, List<Layer> layers) {
    return chain(new Input(INPUT, input), layers);
  }

  /**
   * {@return the graph of layers that follow one another, from a named input}
   *
   * @param input name and shape of what the first reads
   * @param layers first to last
   */
  public static Graph chain(Input input, List<Layer> layers) {
    requireLayers(layers);
    List<Node> nodes = new ArrayList<>();
    Shape shape = input.shape;
    int value = 0;
    int next = 1;
    for (int i = 0; i < layers.size(); i++) {
      nodes.add(new Node(i, List.of(value)));
      List<Shape> given = layers.get(i).outputShapes(List.of(shape));
      shape = given.getFirst();
      value = next;
      next += given.size();
    }
    return new Graph(List.of(input), layers, nodes, List.of(value));
  }

  /** {@return what the model is given, in order} */
  public List<Input> inputs() {
    return inputs;
  }

  /** {@return whether samples of any number of steps may be given} */
  public boolean anySteps() {
    return inputs.stream().anyMatch(Input::anySteps);
  }

  /**
   * {@return the graph for samples of these shapes, which differ in the number of steps where an
   * input takes any; this graph itself if they do not, or if it is for no such samples}
   *
   * @param samples the shape of each input's samples, in order
   * @throws IllegalArgumentException if a layer cannot take so many steps
   */
  public Graph forInputs(List<Shape> samples) {
    if (!anySteps() || samples.size() != inputs.size()) {
      return this;
    }
    List<Input> others = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      others.add(inputs.get(i).of(samples.get(i)));
    }
    return others.equals(inputs) ? this : new Graph(others, layers, nodes, outputs, startValues);
  }

  /** Returns the graph whose inputs have these shapes, if its layers can take them. */
  Graph reading(List<Shape> shapes) {
    if (shapes.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "model: has " + inputs.size() + " inputs, is given " + shapes.size() + " values");
    }
    List<Input> others = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      others.add(inputs.get(i).withShape(shapes.get(i)));
    }
    return new Graph(others, layers, nodes, outputs, startValues);
  }

  /**
   * {@return the samples that every batch must have, because layers keep states from one to the
   * next; 0 where none does}
   */
  public int batchSize() {
    return batchSize;
  }

  /** {@return the layers, in the order of their weights} */
  public List<Layer> layers() {
    return layers;
  }

  /** {@return the calls of layers, each after those whose values it reads} */
  public List<Node> nodes() {
    return nodes;
  }

  /** {@return the values that the model gives} */
  public List<Integer> outputs() {
    return outputs;
  }

  /** {@return the shape of each value of one sample} */
  public List<Shape> shapes() {
    return values.shapes();
  }

  /** {@return which steps of each value count} */
  public MaskFlow masks() {
    return values.masks();
  }

  /** {@return which of those masks are gone where they would be looked at} */
  public LostMasks lostMasks() {
    return lostMasks;
  }

  /**
   * {@return the first value that node {@code index} gives; what else it gives follows}
   *
   * @param index the node
   */
  public int firstValue(int index) {
    return values.first(index);
  }

  /**
   * {@return the node that gives a value, or -1 of an input}
   *
   * @param value inputs are numbered first, then what nodes give
   */
  public int giver(int value) {
    return values.giver(value);
  }

  /**
   * {@return how often nodes read a value}
   *
   * @param value inputs are numbered first, then what nodes give
   */
  public int readers(int value) {
    return values.readers(value);
  }

  /**
   * {@return how many nodes call a layer}
   *
   * @param layer the layer's index
   */
  public int calls(int layer) {
    return values.calls(layer);
  }

  /**
   * {@return the shape of what layer {@code index} reads first}
   *
   * @param index its place in the graph's order
   */
  public Shape inputOf(int index) {
    return inputsOf(index).getFirst();
  }

  /**
   * {@return the shapes of what layer {@code index} reads where it is called first}
   *
   * @param index its place in the graph's order
   */
  public List<Shape> inputsOf(int index) {
    return values.readBy(nodes.get(firstCall(index)));
  }

  /**
   * {@return the arrays of layer {@code index}, in Keras's order}
   *
   * @param index its place in the graph's order
   */
  public List<ParameterSpec> parameters(int index) {
    return startValues.given(index, layers.get(index).parameters(inputsOf(index)));
  }

  /**
   * {@return the rows of the table that an input names as the ids of tokens, the fewest of several
   * tables; 0 if it names none}
   *
   * @param input the input's index
   */
  public int tokenRows(int input) {
    return nodes.stream()
        .filter(node -> node.reads.contains(input))
        .mapToInt(node -> Embedding.rows(layers.get(node.layer)))
        .filter(rows -> rows > 0)
        .min()
        .orElse(0);
  }

  /**
   * {@return whether all that read an input take it for the ids of tokens}
   *
   * @param input the input's index
   */
  public boolean isOfTokensAlone(int input) {
    return nodes.stream()
        .filter(node -> node.reads.contains(input))
        .allMatch(node -> Embedding.rows(layers.get(node.layer)) > 0);
  }

  /**
   * {@return the first node that calls a layer}
   *
   * @param layer the layer's index
   */
  public int firstCall(int layer) {
    return values.firstCall(layer);
  }

  /** {@return whether each layer reads what the one before gives, and nothing else} */
  public boolean isChain() {
    for (int n = 0; n < nodes.size(); n++) {
      int before = n == 0 ? 0 : firstValue(n - 1);
      if (nodes.get(n).layer != n || !nodes.get(n).reads.equals(List.of(before))) {
        return false;
      }
    }
    int last = firstValue(nodes.size() - 1);
    return inputs.size() == 1 && layers.size() == nodes.size() && outputs.equals(List.of(last));
  }

  /**
   * {@return the function that makes an output, as far as a loss may compute it together with
   * itself: nobody else reads what it makes}
   *
   * @param output the output's index among the outputs
   */
  public Activation outputActivation(int output) {
    int value = outputs.get(output);
    int node = giver(value);
    Layer layer = layers.get(nodes.get(node).layer);
    boolean own = readers(value) == 0 && value == firstValue(node);
    return own && calls(nodes.get(node).layer) == 1 ? layer.outputActivation() : Activation.LINEAR;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Graph that
        && inputs.equals(that.inputs)
        && layers.equals(that.layers)
        && nodes.equals(that.nodes)
        && outputs.equals(that.outputs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(inputs, layers, nodes, outputs);
  }

  /** {@return the inputs' shapes as messages show them} */
  public String shownInputs() {
    return inputs.stream().map(Input::shown).collect(Collectors.joining(" and "));
  }

  /** Returns the inputs' and the outputs' shapes, for example {@code [28, 28] -> [10]}. */
  @Override
  public String toString() {
    return inputs.stream().map(Input::shown).collect(Collectors.joining(", "))
        + " -> "
        + outputs.stream()
            .map(shapes()::get)
            .map(Shape::toString)
            .collect(Collectors.joining(", "));
  }
}
