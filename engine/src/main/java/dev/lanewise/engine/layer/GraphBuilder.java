package dev.lanewise.engine.layer;

import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a {@link Graph}, value by value:
 *
 * <pre>{@code
 * Value words = graph.input("words", Shape.of(20, 8));
 * Value last = graph.apply(Lstm.of(32), words);
 * graph.output(graph.apply(Dense.of(10, Activation.SOFTMAX), last));
 * }</pre>
 */
public final class GraphBuilder {
  private final List<Input> inputs = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private StartValues startValues = StartValues.NONE;

  /** Creates a graph of nothing. */
  public GraphBuilder() {}

  /** What an input or a layer gives. */
  public static final class Value {
    private final GraphBuilder owner;
    private final Shape shape;
    private final int call;
    private final int place;

    private Value(GraphBuilder owner, Shape shape, int call, int place) {
      this.owner = owner;
      this.shape = shape;
      this.call = call;
      this.place = place;
    }

    /** {@return the shape of one sample's} */
    public Shape shape() {
      return shape;
    }
  }

  /** A layer that may be called in several places, with the same weights. */
  public static final class Shared {
    private final GraphBuilder owner;
    private final int layer;

    private Shared(GraphBuilder owner, int layer) {
      this.owner = owner;
      this.layer = layer;
    }

    /**
     * Calls the layer.
     *
     * @param read what it reads, in its order
     * @return what it gives, for layers to read
     * @throws IllegalArgumentException if it cannot take that
     */
    public Value apply(Value... read) {
      return applyAll(read).getFirst();
    }

    /**
     * Calls the layer, for all that it gives.
     *
     * @param read what it reads, in its order
     * @return all values that it gives, outputs before states
     */
    public List<Value> applyAll(Value... read) {
      return owner.call(layer, List.of(read), List.of(), false);
    }

    /**
     * Calls the layer, for all that it gives, and tells it which masks to heed in place of those of
     * what it reads, as a call in Keras does by name. So a decoder that begins with states of
     * others passes over padding, which it does not by itself.
     *
     * @param masks values whose masks they are, in the order of what it reads; {@link #UNMASKED}
     *     for none
     * @param read what it reads, in its order
     * @return all values that it gives, outputs before states
     * @throws IllegalArgumentException if it cannot take that
     */
    public List<Value> applyUnder(List<Value> masks, Value... read) {
      return owner.call(layer, List.of(read), masks, false);
    }
  }

  /** Layers of another model that may be called in several places, with the same weights. */
  public static final class SharedPart {
    private final GraphBuilder owner;
    private final Graph part;
    private final StartValues values;
    private final int firstLayer;

    private SharedPart(GraphBuilder owner, Pretrained part, int firstLayer) {
      this.owner = owner;
      this.part = part.graph();
      this.values = part.values();
      this.firstLayer = firstLayer;
    }

    /**
     * Calls the layers.
     *
     * @param read what that model's inputs were given, in order
     * @return what the first of its outputs gives
     * @throws IllegalArgumentException if they cannot take that
     */
    public Value apply(Value... read) {
      return applyAll(read).getFirst();
    }

    /**
     * Calls the layers, for all that they give.
     *
     * @param read what that model's inputs were given, in order
     * @return what its outputs give, in order
     * @throws IllegalArgumentException if they cannot take that, or their weights are not for it
     */
    public List<Value> applyAll(Value... read) {
      values.requireFit(part.reading(Stream.of(read).map(Value::shape).toList()));
      List<Value> given = new ArrayList<>(List.of(read));
      for (Node node : part.nodes()) {
        given.addAll(
            owner.call(
                firstLayer + node.layer(),
                of(given, node.reads()),
                of(given, node.masks()),
                node.within()));
      }
      return of(given, part.outputs());
    }

    private static List<Value> of(List<Value> given, List<Integer> places) {
      return places.stream()
          .map(place -> place == MaskFlow.NONE ? UNMASKED : given.get(place))
          .toList();
    }
  }

  /** Stands for no value where {@link Shared#applyUnder} takes one. */
  public static final Value UNMASKED =
      new Value(new GraphBuilder(), Shape.of(1), MaskFlow.NONE, MaskFlow.NONE);

  private record Call(int layer, List<Value> read, List<Value> masks, boolean within) {}

  /**
   * Adds an input.
   *
   * @param name its name, for example as data name it
   * @param shape the shape of one sample: [features] or [steps, features]
   * @return what it gives, for layers to read
   */
  public Value input(String name, Shape shape) {
    return input(name, shape, 0);
  }

  /**
   * Adds an input of batches of one size, as layers need that keep states from one to the next.
   *
   * @param name its name, for example as data name it
   * @param shape the shape of one sample: [features] or [steps, features]
   * @param batchSize the samples of every batch
   * @return what it gives, for layers to read
   */
  public Value input(String name, Shape shape, int batchSize) {
    return input(new Input(name, shape, false, batchSize));
  }

  /**
   * Adds an input that tells which steps of a sequence count, those where it is not 0, for {@link
   * Shared#applyUnder}. No layer reads it.
   *
   * @param name its name, for example as data name it
   * @param steps how many the sequence has
   * @return the value whose mask it is
   */
  public Value mask(String name, int steps) {
    return input(new Input(name, Shape.of(steps)).asMask());
  }

  private Value input(Input input) {
    inputs.add(input);
    return new Value(this, input.shape(), -1, inputs.size() - 1);
  }

  /**
   * Adds a layer with weights of its own.
   *
   * @param layer what it is
   * @param read what it reads, in its order
   * @return what it gives, for layers to read
   * @throws IllegalArgumentException if it cannot take that
   */
  public Value apply(Layer layer, Value... read) {
    return applyAll(layer, read).getFirst();
  }

  /**
   * Adds a layer that gives more than one value: a recurrent one its last states.
   *
   * @param layer what it is
   * @param read what it reads, in its order: a sequence, and states to begin with
   * @return what it gives, its output first
   * @throws IllegalArgumentException if it cannot take that
   */
  public List<Value> applyAll(Layer layer, Value... read) {
    given(layer, List.of(read)); // what is refused is not left among the layers
    return share(layer).applyAll(read);
  }

  /**
   * Adds a layer that is yet to be called, once or more often.
   *
   * @param layer what it is
   * @return the layer, which can be called
   */
  public Shared share(Layer layer) {
    layers.add(layer);
    return new Shared(this, layers.size() - 1);
  }

  /**
   * Adds layers of another model, with the weights that they have there. They become layers of this
   * one.
   *
   * @param part layers and weights
   * @param read what that model's inputs were given, in order
   * @return what the first of its outputs gives
   * @throws IllegalArgumentException if they cannot take that
   */
  public Value apply(Pretrained part, Value... read) {
    return share(part).apply(read);
  }

  /**
   * Adds layers of another model that are yet to be called, once or more often.
   *
   * @param part layers and weights
   * @return the layers, which can be called
   */
  public SharedPart share(Pretrained part) {
    SharedPart shared = new SharedPart(this, part, layers.size());
    startValues = startValues.and(layers.size(), part.values());
    layers.addAll(part.graph().layers());
    return shared;
  }

  private List<Value> call(int layer, List<Value> read, List<Value> masks, boolean within) {
    masks.stream().filter(value -> value != UNMASKED).forEach(this::requireOwn);
    List<Shape> given = given(layers.get(layer), read);
    calls.add(new Call(layer, read, masks, within));
    List<Value> values = new ArrayList<>();
    for (Shape shape : given) {
      values.add(new Value(this, shape, calls.size() - 1, values.size()));
    }
    return values;
  }

  private List<Shape> given(Layer layer, List<Value> read) {
    read.forEach(this::requireOwn);
    return layer.outputShapes(read.stream().map(Value::shape).toList());
  }

  private void requireOwn(Value value) {
    if (value.owner != this) {
      throw new IllegalArgumentException("model: a value of one graph is used in another");
    }
  }

  /**
   * Adds values to what the model gives.
   *
   * @param values what it gives, in order
   */
  public void output(Value... values) {
    List.of(values).forEach(this::requireOwn);
    outputs.addAll(List.of(values));
  }

  /**
   * {@return the graph}
   *
   * @throws IllegalArgumentException if it has no layers, inputs or outputs, or something in it
   *     that nobody reads
   */
  public Graph build() {
    int[] firstValues = new int[calls.size()];
    int next = inputs.size();
    for (int c = 0; c < firstValues.length; c++) {
      firstValues[c] = next;
      Call call = calls.get(c);
      List<Shape> read = call.read.stream().map(Value::shape).toList();
      next += layers.get(call.layer).outputShapes(read).size();
    }
    List<Node> nodes = new ArrayList<>();
    for (Call call : calls) {
      nodes.add(
          new Node(
              call.layer,
              numbers(call.read, firstValues),
              numbers(call.masks, firstValues),
              call.within));
    }
    return new Graph(inputs, layers, nodes, numbers(outputs, firstValues), startValues);
  }

  private static List<Integer> numbers(List<Value> values, int[] firstValues) {
    return values.stream().map(value -> number(value, firstValues)).toList();
  }

  private static int number(Value value, int[] firstValues) {
    return value.call < 0 ? value.place : firstValues[value.call] + value.place;
  }
}
