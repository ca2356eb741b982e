package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A functional model as it is read: calls in any order, each of what layers or inputs give. */
final class FunctionalGraph {
  private final Config model;
  private final List<Obstacle> obstacles;
  private final OpenSteps open;
  private final Map<String, Input> inputs = new LinkedHashMap<>();
  private final Map<String, Config> inputConfigs = new HashMap<>();
  private final List<NamedLayer> layers = new ArrayList<>();
  private final FunctionalCalls calls = new FunctionalCalls();

  private final MaskNodes maskNodes = new MaskNodes();

  /** By layer: the call of a slice. */
  private final Map<Integer, JsonElement> slices = new HashMap<>();

  // What is known of the graph.
  private final Map<LayerOutput, Integer> values = new HashMap<>();
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private MaskFlow masks = new MaskFlow(0);

  private FunctionalGraph(Config model, List<Obstacle> obstacles, OpenSteps open) {
    this.model = model;
    this.obstacles = obstacles;
    this.open = open;
  }

  /**
   * Reads a model's layers and calls.
   *
   * @param entries its {@code layers}
   * @param obstacles takes what is supported in prediction alone
   * @param open tells the steps of inputs that leave them open
   */
  static ModelConfig read(
      String name,
      Config model,
      List<JsonElement> entries,
      List<Obstacle> obstacles,
      OpenSteps open) {
    FunctionalGraph graph = new FunctionalGraph(model, obstacles, open);
    LayerNames names = new LayerNames(model);
    for (JsonElement element : entries) {
      graph.enter(ModelConfig.entry(model, element), names);
    }
    return graph.connected(name);
  }

  private void enter(Config entry, LayerNames names) {
    String name = entry.child("config").string("name");
    if (entry.has("name") && !entry.string("name").equals(name)) {
      throw new ModelFormatException(
          "layer "
              + LayerConfig.shortened(name)
              + ": is called "
              + entry.value("name")
              + " outside its config; which of the two others mean is not told");
    }
    names.add(name, entry);
    List<JsonElement> inbound =
        entry.has("inbound_nodes") ? entry.array("inbound_nodes") : List.of();
    if (MaskNodes.isOperation(entry)) {
      maskNodes.add(name, entry, inbound);
      calls.add(name, FunctionalCalls.MASK, inbound);
    } else if (entry.className().equals("GetItem")) {
      enterSlice(name, inbound);
    } else if (entry.className().equals("InputLayer")) {
      if (!inbound.isEmpty()) {
        throw new ModelFormatException(
            "layer " + LayerConfig.shortened(name) + ": an InputLayer takes nothing, found calls");
      }
      Config config = entry.child("config").at("the input layer");
      inputs.put(name, ModelConfig.input(name, model, config, open));
      inputConfigs.put(name, config);
    } else if (TrainingOnly.isLayer(entry)) {
      TrainingOnly.collectLayer(entry, obstacles);
      calls.add(name, FunctionalCalls.GIVES_ON, inbound);
    } else {
      NamedLayer layer = LayerConfig.read(entry, obstacles);
      calls.add(name, layers.size(), inbound);
      layers.add(layer);
    }
  }

  /** What is taken is known as soon as the value is that it is taken of. */
  private void enterSlice(String name, List<JsonElement> inbound) {
    String where = "layer " + LayerConfig.shortened(name) + " (GetItem):";
    if (inbound.size() != 1) {
      throw new ModelFormatException(where + " must be called once, found " + inbound.size());
    }
    slices.put(layers.size(), inbound.getFirst());
    calls.add(name, layers.size(), List.of(GetItemConfig.withoutParts(where, inbound.getFirst())));
    layers.add(new NamedLayer(name, new GetItem(List.of())));
  }

  private ModelConfig connected(String name) {
    List<Input> ordered = new ArrayList<>();
    for (LayerOutput end : ends("input_layers")) {
      Input input = inputs.get(end.layer());
      if (input == null || values.containsKey(end) || !end.equals(LayerOutput.only(end.layer()))) {
        throw new ModelFormatException(
            model.where() + ": key input_layers names " + end + ", which is no input, or twice");
      }
      Config config = Objects.requireNonNull(inputConfigs.get(end.layer()));
      ordered.add(input.ofBatches(ModelConfig.batchSize(model, config)));
      give(end, input.shape());
    }
    masks = new MaskFlow(ordered.size());
    calls.inOrder(values.keySet(), this::call);
    List<Integer> outputs = new ArrayList<>();
    for (LayerOutput end : ends("output_layers")) {
      outputs.add(valueOf(end, model.where() + ": key output_layers"));
    }
    List<Layer> all = layers.stream().map(NamedLayer::layer).toList();
    try {
      Graph graph = new Graph(ordered, all, nodes, outputs);
      for (int i = 0; i < ordered.size(); i++) {
        Config config = Objects.requireNonNull(inputConfigs.get(ordered.get(i).name()));
        LayerConfig.requirePlainInput(config, graph.tokenRows(i) > 0);
      }
      return new ModelConfig(
          name, graph, layers.stream().map(NamedLayer::name).toList(), outputNames(), obstacles);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(model.where() + ": " + e.getMessage(), e);
    }
  }

  private void give(LayerOutput output, Shape shape) {
    values.put(output, shapes.size());
    shapes.add(shape);
  }

  private int valueOf(LayerOutput output, String reader) {
    Integer value = values.get(output);
    if (value == null) {
      throw new ModelFormatException(
          reader + " takes " + output + ", which no input and no call gives");
    }
    return value;
  }

  /** Enters a call, all of whose inputs are there. */
  private void call(FunctionalCalls.Call call) {
    LayerCall made = call.made();
    if (call.layer() == FunctionalCalls.MASK) {
      maskNodes.enter(call, values, shapes);
      return;
    }
    List<Integer> reads =
        made.inputs().stream().map(input -> valueOf(input, call.where())).toList();
    if (reads.isEmpty()) {
      throw new ModelFormatException(call.where() + " takes nothing");
    }
    if (!made.arguments().isEmpty()) {
      Map.Entry<String, String> argument = made.arguments().entrySet().iterator().next();
      throw new ModelFormatException(
          call.where()
              + " is called with "
              + argument.getKey()
              + " = "
              + argument.getValue()
              + ", which is not supported");
    }
    if (call.layer() == FunctionalCalls.GIVES_ON) {
      values.put(call.output(0), reads.getFirst());
      return;
    }
    if (!made.flags().isEmpty()) {
      beCausal(call);
    }
    List<Shape> read = reads.stream().map(shapes::get).toList();
    JsonElement slice = slices.get(call.layer());
    if (slice != null) {
      GetItem taken = GetItemConfig.read(call.where(), slice, read.getFirst().rank());
      layers.set(call.layer(), new NamedLayer(call.name(), taken));
    }
    Layer layer = layers.get(call.layer()).layer();
    Node node = new Node(call.layer(), reads, maskNodes.told(call, layer, reads, masks));
    try {
      List<Shape> given = layer.outputShapes(read);
      masks.enter(layer, node, read, given.size());
      nodes.add(node);
      for (int k = 0; k < given.size(); k++) {
        give(call.output(k), given.get(k));
      }
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(call.where() + " " + e.getMessage(), e);
    }
  }

  /** What Keras says of a call is a setting of the layer here, and so of all its calls. */
  private void beCausal(FunctionalCalls.Call call) {
    NamedLayer named = layers.get(call.layer());
    Layer causal = MergeConfig.causalOrNull(named.layer().unfrozen());
    if (causal == null || calls.of(call.layer()) > 1) {
      throw new ModelFormatException(
          call.where() + " is called with " + LayerCall.CAUSAL + " = true, which is not supported");
    }
    Layer set = named.layer().trainable() ? causal : causal.frozen();
    layers.set(call.layer(), new NamedLayer(named.name(), set));
  }

  /** Outputs are known by the layers that give them, or by the keys under which they stand. */
  private List<String> outputNames() {
    boolean keys =
        model.json().get("output_layers") instanceof JsonObject object
            && object.asMap().values().stream()
                .allMatch(end -> LayerOutput.readOrNull(end) != null);
    return keys
        ? model.child("output_layers").json().keySet().stream().sorted().toList()
        : ends("output_layers").stream().map(LayerOutput::layer).toList();
  }

  /** The ends of a model are references, in lists, or under names where others would stand. */
  private List<LayerOutput> ends(String key) {
    List<LayerOutput> ends = new ArrayList<>();
    JsonElement end = model.json().get(key);
    if (end == null || !collect(end, ends) || ends.isEmpty()) {
      throw new ModelFormatException(
          model.where() + ": key " + key + " must name layers, found " + model.value(key));
    }
    return ends;
  }

  private static boolean collect(@Nullable JsonElement end, List<LayerOutput> ends) {
    LayerOutput found = end == null ? null : LayerOutput.readOrNull(end);
    if (found != null) {
      return ends.add(found);
    }
    return switch (end) {
      case JsonArray array -> array.asList().stream().allMatch(one -> collect(one, ends));
      case JsonObject object -> // Keras, too, sorts them
          new TreeMap<>(object.asMap()).values().stream().allMatch(one -> collect(one, ends));
      case null, default -> false;
    };
  }
}
