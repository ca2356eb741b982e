package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Merge;
import java.util.ArrayList;
import java.util.List;

/** A model that is no stack of layers as it is written: Keras's {@code Functional}. */
final class FunctionalEntry {
  private final Graph graph;
  private final List<NamedLayer> layers;
  private final List<FileShape> shapes;

  /** Who gives each value: a layer or an input, which call of it, and which of its outputs. */
  private final List<JsonArray> histories = new ArrayList<>();

  private final List<JsonArray> calls = new ArrayList<>();
  private final MaskEntries masks;

  private FunctionalEntry(SavedModel model) {
    graph = model.graph();
    layers = model.layers();
    shapes = FileShape.of(graph);
    for (Graph.Input input : graph.inputs()) {
      histories.add(history(input.name(), 0, 0));
    }
    layers.forEach(layer -> calls.add(new JsonArray()));
    masks =
        new MaskEntries(
            graph, shapes, this::tensor, layers.stream().map(NamedLayer::name).toList());
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      JsonArray ofLayer = calls.get(node.layer());
      for (int value = graph.firstValue(n); value < graph.firstValue(n + 1); value++) {
        String name = layers.get(node.layer()).name();
        histories.add(history(name, ofLayer.size(), value - graph.firstValue(n)));
      }
      ofLayer.add(call(node));
    }
  }

  static JsonArray history(String name, int call, int output) {
    JsonArray history = new JsonArray();
    history.add(name);
    history.add(call);
    history.add(output);
    return history;
  }

  /** Adds layers, calls and ends to a model's config. */
  static void addTo(JsonObject config, SavedModel model) {
    FunctionalEntry entry = new FunctionalEntry(model);
    config.add("layers", entry.layers());
    config.add("input_layers", ends(entry.histories.subList(0, entry.graph.inputs().size())));
    config.add(
        "output_layers", ends(entry.graph.outputs().stream().map(entry.histories::get).toList()));
  }

  private static JsonArray ends(List<JsonArray> histories) {
    if (histories.size() == 1) {
      return histories.getFirst();
    }
    JsonArray all = new JsonArray();
    histories.forEach(all::add);
    return all;
  }

  private JsonArray layers() {
    JsonArray entries = new JsonArray();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Graph.Input input = graph.inputs().get(i);
      JsonObject entry = LayerEntry.ofInput(input.name(), shapes.get(i), graph.tokenRows(i) > 0);
      entries.add(named(entry, input.name(), new JsonArray()));
    }
    for (int i = 0; i < layers.size(); i++) {
      List<Integer> reads = graph.nodes().get(graph.firstCall(i)).reads();
      List<FileShape> inputs = reads.stream().map(shapes::get).toList();
      JsonObject entry =
          layers.get(i).layer() instanceof GetItem
              ? GetItemConfig.entry(layers.get(i).name())
              : LayerEntry.of(layers.get(i), inputs);
      entries.add(named(entry, layers.get(i).name(), calls.get(i)));
    }
    masks.entries().forEach(entries::add);
    return entries;
  }

  static JsonObject named(JsonObject entry, String name, JsonArray calls) {
    entry.addProperty("name", name);
    entry.add("inbound_nodes", calls);
    return entry;
  }

  private JsonObject call(Graph.Node node) {
    JsonArray arguments = new JsonArray();
    JsonObject named = new JsonObject();
    List<Integer> reads = node.reads();
    if (layers.get(node.layer()).layer().unfrozen() instanceof Merge merge) {
      arguments.add(tensors(reads));
      if (MergeConfig.isCausal(merge)) {
        named.addProperty(LayerCall.CAUSAL, true);
      }
    } else {
      arguments.add(tensor(reads.getFirst()));
      if (layers.get(node.layer()).layer() instanceof GetItem slice) {
        arguments.add(GetItemConfig.parts(slice));
      }
      if (reads.size() > 1) {
        named.add("initial_state", tensors(reads.subList(1, reads.size())));
      }
    }
    if (!node.masks().isEmpty()) {
      named.add("mask", masks.of(node));
    }
    JsonObject call = new JsonObject();
    call.add("args", arguments);
    call.add("kwargs", named);
    return call;
  }

  private JsonArray tensors(List<Integer> values) {
    JsonArray all = new JsonArray();
    values.forEach(value -> all.add(tensor(value)));
    return all;
  }

  private JsonElement tensor(int value) {
    return tensor(shapes.get(value), "float32", histories.get(value));
  }

  static JsonElement tensor(FileShape shape, String type, JsonArray history) {
    JsonObject config = new JsonObject();
    config.add("shape", shape.batched());
    config.addProperty("dtype", type);
    config.add("keras_history", history);
    JsonObject tensor = new JsonObject();
    tensor.addProperty("class_name", "__keras_tensor__");
    tensor.add("config", config);
    return tensor;
  }

  /** Returns what a functional model says of how it was built: nothing. */
  static JsonObject build() {
    JsonObject build = new JsonObject();
    build.add("input_shape", JsonNull.INSTANCE);
    return build;
  }
}
