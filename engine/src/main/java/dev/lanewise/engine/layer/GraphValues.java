package dev.lanewise.engine.layer;

import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The values of a graph, found by going through its nodes once: each one's shape and mask, who
 * gives it and who reads it.
 */
final class GraphValues {
  private final List<Input> inputs;
  private final List<Layer> layers;
  private final List<Shape> shapes = new ArrayList<>();
  private final MaskFlow masks;

  /** The first that each node gives, ascending. */
  private final int[] firstValues;

  /** The first node that calls each layer, -1 before there is one. */
  private final int[] firstCalls;

  private final int[] calls;
  private final int[] readers;

  /**
   * Goes through a graph.
   *
   * @throws IllegalArgumentException if a value is read before it is there, a layer cannot take
   *     what it reads, its weights cannot be for all of its calls, or a mask does not fit
   */
  GraphValues(List<Input> inputs, List<Layer> layers, List<Node> nodes) {
    this.inputs = inputs;
    this.layers = layers;
    inputs.forEach(input -> shapes.add(input.shape()));
    masks = new MaskFlow(inputs);
    firstValues = new int[nodes.size()];
    firstCalls = new int[layers.size()];
    Arrays.fill(firstCalls, -1);
    calls = new int[layers.size()];
    for (int n = 0; n < nodes.size(); n++) {
      enter(n, nodes);
    }
    readers = new int[shapes.size()];
    for (Node node : nodes) {
      node.reads().forEach(value -> readers[value]++);
    }
  }

  private void enter(int n, List<Node> nodes) {
    Node node = nodes.get(n);
    for (int value : node.reads()) {
      if (value < 0 || value >= shapes.size()) {
        throw new IllegalArgumentException(
            "model: node " + n + " reads value " + value + ", of which there are " + shapes.size());
      }
      if (isMask(value)) {
        throw new IllegalArgumentException(
            "model: a "
                + layers.get(node.layer()).className()
                + " reads input "
                + inputs.get(value).name()
                + ", which tells the steps that count and is no value; let a layer heed it as its"
                + " mask, or give an input of numbers");
      }
    }
    Layer layer = layers.get(node.layer());
    List<Shape> read = readBy(node);
    if (Embedding.rows(layer) > 0 && node.reads().getFirst() >= inputs.size()) {
      throw new IllegalArgumentException(
          (layer instanceof OneHot ? "OneHot" : "Embedding")
              + ": takes the ids of tokens, and so must read an input of the model, found it"
              + " above another layer");
    }
    requireMasks(node, layer, read);
    firstValues[n] = shapes.size();
    List<Shape> given = layer.outputShapes(read);
    masks.enter(layer, node, read, given.size());
    shapes.addAll(given);
    if (calls[node.layer()]++ == 0) {
      firstCalls[node.layer()] = n;
    } else {
      requireSameWeights(layer, readBy(nodes.get(firstCalls[node.layer()])), read);
    }
  }

  private void requireMasks(Node node, Layer layer, List<Shape> read) {
    int told = Math.min(node.masks().size(), read.size());
    for (int place = 0; place < told; place++) {
      int value = node.masks().get(place);
      if (value != MaskFlow.NONE && !hasMaskFor(value, read.get(place))) {
        throw new IllegalArgumentException(
            "model: a "
                + layer.className()
                + " that reads "
                + read.get(place)
                + " is told to heed the mask of value "
                + value
                + ", which has none of as many steps");
      }
    }
  }

  private boolean hasMaskFor(int value, Shape read) {
    return value >= 0
        && value < shapes.size()
        && masks.of(value) != null
        && (isMask(value) ? shapes.get(value).size(0) : Merge.steps(shapes.get(value)))
            == Merge.steps(read);
  }

  private boolean isMask(int value) {
    return value < inputs.size() && inputs.get(value).tellsMask();
  }

  private static void requireSameWeights(Layer layer, List<Shape> first, List<Shape> read) {
    if (!layer.parameters(first).equals(layer.parameters(read))) {
      throw new IllegalArgumentException(
          "model: a "
              + layer.className()
              + " is called with inputs "
              + shown(first)
              + " and "
              + shown(read)
              + ", which its weights cannot both be for");
    }
  }

  private static String shown(List<Shape> inputs) {
    return inputs.size() == 1 ? inputs.getFirst().toString() : inputs.toString();
  }

  /** Returns the shape of each value of one sample. */
  List<Shape> shapes() {
    return Collections.unmodifiableList(shapes);
  }

  MaskFlow masks() {
    return masks;
  }

  /** Returns the first value that a node gives; what would follow, of the number of nodes. */
  int first(int node) {
    return node == firstValues.length ? shapes.size() : firstValues[node];
  }

  /** Returns the node that gives a value, or -1 of an input. */
  int giver(int value) {
    int place = Arrays.binarySearch(firstValues, value);
    return place >= 0 ? place : -place - 2;
  }

  /** Returns how often nodes read a value. */
  int readers(int value) {
    return readers[value];
  }

  /** Returns how many nodes call a layer. */
  int calls(int layer) {
    return calls[layer];
  }

  /** Returns the first node that calls a layer. */
  int firstCall(int layer) {
    return firstCalls[layer];
  }

  /** Returns the shapes of what a node reads. */
  List<Shape> readBy(Node node) {
    return node.reads().stream().map(shapes::get).toList();
  }
}
