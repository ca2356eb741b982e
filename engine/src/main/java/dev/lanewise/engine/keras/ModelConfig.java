package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The architecture of a model: {@code Sequential} or {@code Functional}.
 *
 * @param name the model's name
 * @param graph its layers, and what each of them reads
 * @param layerNames the layers' names
 * @param outputNames the names that losses and metrics know the outputs by
 * @param obstacles what of it is supported in prediction alone
 */
record ModelConfig(
    String name,
    Graph graph,
    List<String> layerNames,
    List<String> outputNames,
    List<Obstacle> obstacles) {
  private static final List<String> SHAPES = List.of("batch_shape", "batch_input_shape");
  private static final int MOST_LAYERS = 10_000;

  /**
   * Reads an architecture.
   *
   * @param outer the object with {@code class_name} and {@code config}
   * @throws ModelFormatException naming layer and key of what is wrong or not supported
   */
  static ModelConfig read(Config outer) {
    return OpenSteps.fewest(open -> read(outer, open));
  }

  private static ModelConfig read(Config outer, OpenSteps open) {
    String type = outer.className();
    if (!type.equals("Sequential") && !type.equals("Functional") && !type.equals("Model")) {
      throw new ModelFormatException(
          outer.where()
              + ": models of class "
              + LayerConfig.shortened(type)
              + " are not supported; Sequential and Functional models are");
    }
    Config config = settings(outer, type).at(outer.where());
    List<JsonElement> entries = config.array("layers");
    if (entries.isEmpty() || entries.size() > MOST_LAYERS) {
      throw new ModelFormatException(
          outer.where() + ": expected 1 to " + MOST_LAYERS + " layers, found " + entries.size());
    }
    List<Obstacle> obstacles = new ArrayList<>();
    TrainingOnly.collect(config, obstacles);
    LayerConfig.requireFloat32(config);
    String name = config.has("name") ? config.string("name") : "sequential";
    ModelConfig read =
        type.equals("Sequential")
            ? stack(name, config, entries, obstacles, open)
            : FunctionalGraph.read(name, config, entries, obstacles, open);
    SoftmaxMasks.require(entries.stream().map(each -> entry(config, each)).toList(), read);
    boolean frozen = read.graph.layers().stream().noneMatch(Layer::trainable);
    if (!config.bool("trainable", true) && !frozen) { // Keras trains them or not, by its version
      obstacles.add(new Obstacle(TrainingOnly.inPrediction(config, "trainable"), false));
    }
    return read;
  }

  /** Before Keras 2.2.3 a Sequential model's config was the list of its layers. */
  private static Config settings(Config outer, String type) {
    if (!type.equals("Sequential") || !(outer.json().get("config") instanceof JsonArray layers)) {
      return outer.child("config");
    }
    return new Config(outer.where(), new JsonObject()).element("layers", layers);
  }

  private static ModelConfig stack(
      String name,
      Config config,
      List<JsonElement> entries,
      List<Obstacle> obstacles,
      OpenSteps open) {
    Config first = entry(config, entries.getFirst());
    boolean hasInput = first.className().equals("InputLayer");
    Config firstConfig = first.child("config").at("the input layer");
    String inputName = hasInput ? firstConfig.string("name") : "input_layer";
    Graph.Input input = input(inputName, config, firstConfig, open);
    List<NamedLayer> layers = new ArrayList<>();
    LayerNames names = new LayerNames(config);
    for (JsonElement element : entries.subList(hasInput ? 1 : 0, entries.size())) {
      Config entry = entry(config, element);
      names.add(entry.child("config").string("name"), entry);
      if (TrainingOnly.isLayer(entry)) {
        TrainingOnly.collectLayer(entry, obstacles);
        continue;
      }
      layers.add(LayerConfig.read(entry, obstacles));
    }
    if (hasInput) {
      boolean ids = !layers.isEmpty() && Embedding.in(layers.getFirst().layer()) != null;
      LayerConfig.requirePlainInput(firstConfig, ids);
    }
    requireShapes(config, input.shape(), layers);
    try {
      Graph graph =
          Graph.chain(
              input.ofBatches(batchSize(config, firstConfig)),
              layers.stream().map(NamedLayer::layer).toList());
      List<String> layerNames = layers.stream().map(NamedLayer::name).toList();
      return new ModelConfig(name, graph, layerNames, List.of(layerNames.getLast()), obstacles);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  /** Returns the samples of every batch, 0 where the file leaves them open. */
  static int batchSize(Config config, Config first) {
    for (String key : SHAPES) {
      if (first.has(key)) {
        return first.batchOf(key);
      }
    }
    return config.has("build_input_shape") ? config.batchOf("build_input_shape") : 0;
  }

  static Graph.Input input(String name, Config config, Config first, OpenSteps open) {
    for (String key : SHAPES) {
      if (first.has(key)) {
        return input(name, first, key, open);
      }
    }
    if (config.has("build_input_shape")) {
      return input(name, config, "build_input_shape", open);
    }
    throw new ModelFormatException(
        config.where() + ": the model's input shape is not in the file; call build and save again");
  }

  static Config entry(Config config, JsonElement element) {
    if (!element.isJsonObject()) {
      throw config.wrong("layers", "an array of objects");
    }
    return new Config(config.where() + ", layers", element.getAsJsonObject());
  }

  private static Graph.Input input(String name, Config config, String key, OpenSteps open) {
    List<Integer> sizes = config.shapeWithoutBatch(key, open);
    Shape shape = Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
    return new Graph.Input(name, shape, config.array(key).get(1).isJsonNull(), 0);
  }

  private static void requireShapes(Config config, Shape input, List<NamedLayer> layers) {
    if (layers.isEmpty()) {
      throw new ModelFormatException(config.where() + ": the model has no layers");
    }
    Shape shape = input;
    for (NamedLayer layer : layers) {
      try {
        shape = layer.layer().outputShape(shape);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(
            "layer " + LayerConfig.shortened(layer.name()) + ": " + e.getMessage(), e);
      }
    }
  }

  /** Returns a model's architecture as the outer object of {@code config.json}. */
  static JsonObject write(SavedModel model) {
    Graph graph = model.graph();
    JsonObject config = new JsonObject();
    config.addProperty("name", model.name());
    config.addProperty("trainable", true);
    config.add("dtype", KerasObject.floatPolicy());
    boolean stack =
        graph.isChain()
            && graph.shapes().size() == graph.nodes().size() + 1
            && graph.layers().stream().noneMatch(GetItem.class::isInstance); // is no layer there
    JsonObject outer;
    JsonObject build;
    if (stack) {
      addStack(config, model);
      outer = KerasObject.of("keras", "Sequential", config);
      build = new JsonObject();
      build.add("input_shape", FileShape.of(graph).getFirst().batched());
    } else {
      FunctionalEntry.addTo(config, model);
      outer = KerasObject.of("keras.src.models.functional", "Functional", config);
      outer.addProperty("registered_name", "Functional");
      build = FunctionalEntry.build();
    }
    outer.add("build_config", build);
    if (model.objective() != null && model.optimizer() != null) {
      outer.add(
          "compile_config",
          ObjectiveConfig.write(model.objective(), model.optimizer(), model.spec()));
    }
    return outer;
  }

  private static void addStack(JsonObject config, SavedModel model) {
    JsonArray layers = new JsonArray();
    boolean ids = model.graph().tokenRows(0) > 0;
    List<FileShape> shapes = FileShape.of(model.graph());
    layers.add(LayerEntry.ofInput(model.inputName(), shapes.getFirst(), ids));
    for (int i = 0; i < model.layers().size(); i++) {
      layers.add(LayerEntry.of(model.layers().get(i), List.of(shapes.get(i))));
    }
    config.add("layers", layers);
    config.add("build_input_shape", shapes.getFirst().batched());
  }
}
