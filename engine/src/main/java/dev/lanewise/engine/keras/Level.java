package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is written, the file's or one within it: its own layers, the models that stand
 * among them, and the calls of both. Of a model that is called more than once it has the first
 * call, which is like the others.
 */
final class Level {
  private final SavedModel whole;
  private final Graph graph;
  private final String path;
  private final int steps;
  private final String name;
  private final List<Input> inputs = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<Integer> outputs;
  private final Map<Integer, Integer> partOf = new HashMap<>(); // by layer
  private final Map<Integer, FileShape> shapes = new HashMap<>();
  private final boolean stack;

  /**
   * What it is given.
   *
   * @param value among the graph's
   */
  record Input(String name, int value) {}

  /**
   * A layer, or a model in the place of one.
   *
   * @param layer what it is, if it is a layer
   * @param model what it is, if it is a model
   */
  record Part(String name, @Nullable NamedLayer layer, @Nullable NestedModel model) {}

  /**
   * A call of a part.
   *
   * @param part its index
   * @param node the first of the graph's that it is
   * @param reads the values that it reads
   * @param gives the values that it gives
   */
  record Call(int part, Graph.Node node, List<Integer> reads, List<Integer> gives) {}

  private Level(
      SavedModel whole,
      String path,
      int steps,
      String name,
      List<Integer> outputs,
      @Nullable NestedModel nested) {
    this.whole = whole;
    this.graph = whole.graph();
    this.path = path;
    this.steps = steps;
    this.name = name;
    this.outputs = outputs;
    List<FileShape> all = FileShape.of(graph);
    if (nested == null) {
      for (int i = 0; i < graph.inputs().size(); i++) {
        inputs.add(new Input(graph.inputs().get(i).name(), i));
      }
      IntStream.range(0, all.size()).forEach(value -> shapes.put(value, all.get(value)));
      addParts(0, graph.layers().size(), whole.models());
      addCalls(0, graph.nodes().size());
      stack = isChain();
    } else {
      NestedModel.Call call = nested.calls().getFirst();
      for (int i = 0; i < call.reads().size(); i++) {
        inputs.add(new Input(nested.inputs().get(i), call.reads().get(i)));
      }
      nested.calls().forEach(each -> addShapes(call, each, all));
      addParts(nested.firstLayer(), nested.endLayer(), nested.models());
      addCalls(call.firstNode(), call.endNode());
      stack = nested.stack();
    }
  }

  /** Returns the file's model. */
  static Level of(SavedModel model) {
    return new Level(model, "", 0, model.name(), model.graph().outputs(), null);
  }

  /** Returns a model that stands in this one. */
  Level within(NestedModel nested) {
    String own = nested.wrapped() == null ? nested.name() : nested.wrapped();
    return new Level(
        whole,
        path + nested.name() + NestedModel.SEPARATOR,
        nested.eachStep() ? steps + 1 : steps,
        own,
        nested.calls().getFirst().gives(),
        nested);
  }

  /** What one call gives with fewer steps than another, is of any number of steps. */
  private void addShapes(NestedModel.Call first, NestedModel.Call call, List<FileShape> all) {
    for (int i = 0; i < call.reads().size(); i++) {
      addShape(first.reads().get(i), all.get(call.reads().get(i)));
    }
    int ahead = graph.firstValue(call.firstNode()) - graph.firstValue(first.firstNode());
    for (int v = graph.firstValue(first.firstNode()); v < graph.firstValue(first.endNode()); v++) {
      addShape(v, all.get(v + ahead));
    }
  }

  private void addShape(int value, FileShape whole) {
    FileShape part = whole;
    for (int i = 0; i < steps; i++) {
      part = part.part();
    }
    shapes.merge(value, part, FileShape::orElse);
  }

  private void addParts(int from, int to, List<NestedModel> models) {
    MadeNames made = new MadeNames(graph);
    for (int i = from; i < to; ) {
      NestedModel model = NestedModel.with(i, models);
      int end = model == null ? i + 1 : model.endLayer();
      if (model == null) {
        String said = whole.layerNames().get(i).substring(path.length());
        String own = givesOutput(i) ? said : made.apart(said, whole.layerNames());
        Layer layer = NestedModel.inside(graph.layers().get(i), steps);
        parts.add(new Part(own, new NamedLayer(own, layer), null));
      } else {
        parts.add(new Part(model.name(), null, model));
      }
      for (; i < end; i++) {
        partOf.put(i, parts.size() - 1);
      }
    }
  }

  /** By whose names outputs are known. */
  private boolean givesOutput(int layer) {
    return path.isEmpty()
        && graph.outputs().stream()
            .map(graph::giver)
            .anyMatch(node -> node >= 0 && graph.nodes().get(node).layer() == layer);
  }

  private void addCalls(int from, int to) {
    for (int n = from; n < to; ) {
      int first = n;
      Graph.Node node = graph.nodes().get(n);
      int part = Objects.requireNonNull(partOf.get(node.layer()));
      NestedModel model = parts.get(part).model;
      if (model == null) {
        requireModelAround(node);
        List<Integer> gives =
            IntStream.range(graph.firstValue(n), graph.firstValue(n + 1)).boxed().toList();
        calls.add(new Call(part, node, node.reads(), gives));
        n++;
      } else {
        NestedModel.Call call =
            model.calls().stream().filter(c -> c.firstNode() == first).findFirst().orElseThrow();
        calls.add(new Call(part, node, call.reads(), call.gives()));
        n = call.endNode();
      }
    }
  }

  /** By themselves, layers at each step have in Keras what masks they tell end with the step. */
  private void requireModelAround(Graph.Node node) {
    Layer layer = graph.layers().get(node.layer()).unfrozen();
    List<Shape> read = node.reads().stream().map(graph.shapes()::get).toList();
    boolean merges =
        layer instanceof TimeDistributed each
            && each.merges()
            && !EinsumConfig.isProduct(layer, read);
    if ((node.within() || merges) && steps == 0) {
      throw new IllegalArgumentException(
          "save: a "
              + layer.className()
              + (merges ? " is of a merge or an operation" : " heeds masks within steps")
              + ", which Keras has in a model alone that is called at each step; save it with the"
              + " model that it was read from");
    }
  }

  /** Returns whether each part takes what the one before gives, and nothing else. */
  private boolean isChain() {
    int before = inputs.getFirst().value;
    boolean chain = inputs.size() == 1 && parts.size() == calls.size();
    for (int i = 0; chain && i < calls.size(); i++) {
      Call call = calls.get(i);
      NamedLayer layer = parts.get(i).layer;
      chain =
          call.part == i
              && call.reads.equals(List.of(before))
              && call.gives.size() == 1
              && call.node.masks().isEmpty()
              && (layer == null || !isOfSeveral(layer.layer()));
      before = call.gives.getFirst();
    }
    return chain && outputs.equals(List.of(before));
  }

  /** An operation is no layer there, and what merges takes a list. */
  private static boolean isOfSeveral(Layer layer) {
    return layer instanceof Operation || layer.unfrozen() instanceof Merge;
  }

  String name() {
    return name;
  }

  /** Returns whether it is written as a {@code Sequential}. */
  boolean stack() {
    return stack;
  }

  /** Returns whether training changes anything in it. */
  boolean trainable() {
    return parts.stream()
        .anyMatch(
            part ->
                part.layer != null
                    ? part.layer.layer().trainable()
                    : part.model != null && part.model.trainable(graph));
  }

  List<Input> inputs() {
    return inputs;
  }

  List<Part> parts() {
    return parts;
  }

  List<Call> calls() {
    return calls;
  }

  List<Integer> outputs() {
    return outputs;
  }

  Graph graph() {
    return graph;
  }

  /** Returns the shape of a value as it is here. */
  FileShape shape(int value) {
    FileShape shape = shapes.get(value);
    if (shape == null) {
      throw new IllegalArgumentException(
          "save: in model "
              + LayerConfig.shortened(name)
              + " a mask is told by name that is made outside of it, which Keras's files cannot"
              + " say");
    }
    return shape;
  }

  /** Returns the type of a value: ids of tokens, a mask, or numbers. */
  String dtype(int value) {
    if (tellsMask(value)) {
      return "bool";
    }
    return value < graph.inputs().size() && graph.tokenRows(value) > 0 ? "int32" : "float32";
  }

  /** Returns whether a value is an input that tells which steps count. */
  boolean tellsMask(int value) {
    return value < graph.inputs().size() && graph.inputs().get(value).tellsMask();
  }
}
