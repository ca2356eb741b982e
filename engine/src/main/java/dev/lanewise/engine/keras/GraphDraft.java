package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A graph as it becomes known while a file is read: the layers of a model and of all models in it,
 * in the order of their weights, and then call by call what they make of the inputs.
 */
final class GraphDraft {
  /** A model that calls one twice that calls one twice needs few bytes for many calls. */
  private static final int MOST_CALLS = 20_000;

  private static final String SEVERAL_PENALIZED =
      " gives several values, a penalty on all of which is supported in prediction alone";

  private static final String PENALIZED_BRANCHES =
      "model: activity_regularizer of layers that branch, or are called twice, is supported in"
          + " prediction alone; put layers of ActivityRegularization in their place";

  /** Stands where a place is kept. */
  private static final Layer NOTHING = new ActivationLayer(Activation.LINEAR);

  private final List<Obstacle> obstacles;
  private final OpenSteps open;
  private final Replacements others;
  private final List<NamedLayer> layers = new ArrayList<>();
  private final List<@Nullable Config> entries = new ArrayList<>();
  private final Map<Integer, Integer> followers = new HashMap<>();
  private boolean penalized;
  private final BitSet kept = new BitSet();
  private final List<NestedDraft> models = new ArrayList<>();
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private MaskFlow masks = new MaskFlow(List.of());

  /**
   * Begins with nothing.
   *
   * @param obstacles takes what is supported in prediction alone
   * @param open tells the steps of inputs that leave them open
   * @param others what stands in the place of some layers
   */
  GraphDraft(List<Obstacle> obstacles, OpenSteps open, Replacements others) {
    this.others = others;
    this.obstacles = obstacles;
    this.open = open;
  }

  List<Obstacle> obstacles() {
    return obstacles;
  }

  OpenSteps open() {
    return open;
  }

  /** Returns what stands in the place of a layer, or null if it stands there itself. */
  @Nullable Layer replacementOrNull(String name) {
    return others.ofOrNull(name);
  }

  /**
   * Adds a layer.
   *
   * @param entry what the file says of it, null of an operation
   * @return its index
   */
  int add(NamedLayer layer, @Nullable Config entry) {
    if (layers.size() == MOST_CALLS) {
      throw new ModelFormatException(
          "model: has more than " + MOST_CALLS + " layers, which is not supported");
    }
    layers.add(layer);
    entries.add(entry);
    return layers.size() - 1;
  }

  /** Adds a layer that each call of another is followed by, as a setting of that one says. */
  void follow(int layer, NamedLayer follower) {
    followers.put(layer, add(follower, null));
    penalized |= ActivityRegularization.isOf(follower.layer());
  }

  /** Keeps a place for an operation, which may turn out to be none among layers. */
  int keepPlace(String name) {
    kept.set(layers.size());
    return add(new NamedLayer(name, NOTHING), null);
  }

  /** Puts an operation where a place is kept for it, or where it is already. */
  void fill(int place, OperationNode node, Layer operation) {
    if (!kept.get(place) && !layers.get(place).layer().equals(operation)) {
      throw new ModelFormatException(
          node.config().where()
              + ": does something else in another call of its model, which is not supported");
    }
    kept.clear(place);
    set(place, operation);
  }

  /** Gives up the places that were kept in vain, and rules that do nothing; all calls are there. */
  void settle() {
    nodes.stream()
        .collect(Collectors.groupingBy(Node::layer))
        .forEach(
            (layer, calls) ->
                set(layer, MaskRules.settled(layer(layer).layer(), calls, masks, shapes)));
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      nodes.set(i, new Node(settled(node.layer()), node.reads(), node.masks(), node.within()));
    }
    for (int place = kept.length() - 1; place >= 0; place = kept.previousSetBit(place - 1)) {
      layers.remove(place);
      entries.remove(place);
    }
  }

  /** Returns where a layer is once places that were kept in vain are given up. */
  int settled(int place) {
    return place - kept.get(0, place).cardinality();
  }

  /** Adds a model, of whichever model. */
  void add(NestedDraft model) {
    models.add(model);
  }

  /** Returns how many layers there are. */
  int layerCount() {
    return layers.size();
  }

  NamedLayer layer(int index) {
    return layers.get(index);
  }

  /** Puts another layer in a place, about which a call said more. */
  void set(int index, Layer layer) {
    layers.set(index, new NamedLayer(layers.get(index).name(), layer));
  }

  /** Begins with calls. */
  void begin(List<Input> inputs) {
    masks = new MaskFlow(inputs);
    inputs.forEach(input -> shapes.add(input.shape()));
  }

  List<Shape> shapes() {
    return shapes;
  }

  Shape shape(int value) {
    return shapes.get(value);
  }

  MaskFlow masks() {
    return masks;
  }

  int nodeCount() {
    return nodes.size();
  }

  /**
   * Adds a call, all of whose inputs are there, and that of the layer that follows.
   *
   * @param where the beginning of what is said of it
   * @return the values that it gives
   * @throws ModelFormatException if the layer cannot take what it reads
   */
  List<Integer> call(String where, Node node) {
    Integer follower = followers.get(node.layer());
    if (follower != null && isTurned(node)) {
      throw new ModelFormatException(
          where + " key data_format must be channels_last under a mask, found channels_first");
    }
    List<Integer> given = callAlone(where, node);
    if (follower != null && given.size() > 1) {
      kept.set(follower); // in vain: it is given up
      obstacles.add(new Obstacle(where + SEVERAL_PENALIZED, true));
      return given;
    }
    return follower == null
        ? given
        : call(where, new Node(follower, given, List.of(), heedsWithin(node, given)));
  }

  /** Returns whether what follows a call heeds masks within steps as that did. */
  private boolean heedsWithin(Node node, List<Integer> given) {
    return node.within() && masks.within(given.getFirst()) != null;
  }

  /** Returns whether a masked sequence is turned, so that features are where steps were. */
  private boolean isTurned(Node node) {
    return layers.get(node.layer()).layer() instanceof Permute
        && masks.of(node.reads().getFirst()) != null;
  }

  private List<Integer> callAlone(String where, Node node) {
    if (nodes.size() == MOST_CALLS) {
      throw new ModelFormatException(
          where + " is one of more than " + MOST_CALLS + " calls, which are not supported");
    }
    Layer layer = layers.get(node.layer()).layer();
    List<Shape> read = node.reads().stream().map(shapes::get).toList();
    try {
      List<Shape> given = layer.outputShapes(read);
      masks.enter(layer, node, read, given.size());
      nodes.add(node);
      List<Integer> values = new ArrayList<>();
      for (Shape shape : given) {
        values.add(shapes.size());
        shapes.add(shape);
      }
      return values;
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(where + " " + e.getMessage(), e);
    }
  }

  /**
   * Returns the graph.
   *
   * @throws IllegalArgumentException if something in it is of no use, or does not fit
   */
  Graph graph(List<Input> inputs, List<Integer> outputs) {
    return new Graph(inputs, layers.stream().map(NamedLayer::layer).toList(), nodes, outputs);
  }

  /**
   * Returns what was read.
   *
   * @param name the model's name
   * @param graph made of this draft
   * @param inner the models in it
   * @param outputNames the names that losses and metrics know the outputs by
   */
  ModelConfig read(String name, Graph graph, List<NestedModel> inner, List<String> outputNames) {
    SoftmaxMasks.require(entries, graph);
    if (penalized && !graph.isChain()) { // Keras orders layers by how deep they stand
      obstacles.add(new Obstacle(PENALIZED_BRANCHES, false));
    }
    models.forEach(model -> model.check(graph, obstacles));
    return new ModelConfig(
        name, graph, layers.stream().map(NamedLayer::name).toList(), inner, outputNames, obstacles);
  }
}
