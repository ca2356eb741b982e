package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The architecture of a model: {@code Sequential}, or a functional model that is one chain.
 *
 * @param name the model's name
 * @param input the shape of one sample
 * @param inputName the input layer's name
 * @param layers the stack
 * @param output the shape of one sample's output
 * @param obstacles what of it is supported in prediction alone
 */
record ModelConfig(
    String name,
    Shape input,
    String inputName,
    List<NamedLayer> layers,
    Shape output,
    List<Obstacle> obstacles) {
  private static final int MOST_LAYERS = 10_000;

  /**
   * Reads an architecture.
   *
   * @param outer the object with {@code class_name} and {@code config}
   * @throws ModelFormatException naming layer and key of what is wrong or not supported
   */
  static ModelConfig read(Config outer) {
    String type = outer.className();
    if (!type.equals("Sequential") && !type.equals("Functional") && !type.equals("Model")) {
      throw new ModelFormatException(
          outer.where()
              + ": models of class "
              + LayerConfig.shortened(type)
              + " are not supported; Sequential models and functional chains are");
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
    if (!type.equals("Sequential")) {
      FunctionalChain.require(config, entries);
    }
    return stack(config, entries, obstacles);
  }

  /** Before Keras 2.2.3 a Sequential model's config was the list of its layers. */
  private static Config settings(Config outer, String type) {
    if (!type.equals("Sequential") || !(outer.json().get("config") instanceof JsonArray layers)) {
      return outer.child("config");
    }
    return new Config(outer.where(), new JsonObject()).element("layers", layers);
  }

  private static ModelConfig stack(
      Config config, List<JsonElement> entries, List<Obstacle> obstacles) {
    Config first = entry(config, entries.getFirst());
    boolean hasInput = first.className().equals("InputLayer");
    Config firstConfig = first.child("config").at("the input layer");
    Shape input = input(config, firstConfig);
    String inputName = hasInput ? firstConfig.string("name") : "input_layer";
    if (hasInput) {
      boolean ids =
          entries.size() > 1
              && entry(config, entries.get(1)).string("class_name").equals("Embedding");
      LayerConfig.requirePlainInput(firstConfig, ids);
    }
    List<NamedLayer> layers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<JsonElement> objects = new HashSet<>();
    for (JsonElement element : entries.subList(hasInput ? 1 : 0, entries.size())) {
      Config entry = entry(config, element);
      if (entry.has("shared_object_id") && !objects.add(entry.json().get("shared_object_id"))) {
        throw new ModelFormatException(
            config.where()
                + ": two layers are one object, shared_object_id "
                + entry.value("shared_object_id")
                + "; layers that share their weights are not supported");
      }
      if (TrainingOnly.isLayer(entry)) {
        TrainingOnly.collectLayer(entry, obstacles);
        continue;
      }
      NamedLayer layer = LayerConfig.read(entry, obstacles);
      if (!names.add(layer.name())) {
        throw new ModelFormatException(
            config.where() + ": has two layers named " + LayerConfig.shortened(layer.name()));
      }
      layers.add(layer);
    }
    boolean frozen = layers.stream().noneMatch(each -> each.layer().trainable());
    if (!config.bool("trainable", true) && !frozen) { // Keras trains them or not, by its version
      obstacles.add(new Obstacle(TrainingOnly.inPrediction(config, "trainable"), false));
    }
    String name = config.has("name") ? config.string("name") : "sequential";
    Shape output = output(config, input, layers);
    return new ModelConfig(name, input, inputName, layers, output, obstacles);
  }

  private static Shape input(Config config, Config first) {
    for (String key : List.of("batch_shape", "batch_input_shape")) {
      if (first.has(key)) {
        return shape(first.shapeWithoutBatch(key));
      }
    }
    if (config.has("build_input_shape")) {
      return shape(config.shapeWithoutBatch("build_input_shape"));
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

  private static Shape shape(List<Integer> sizes) {
    return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Shape output(Config config, Shape input, List<NamedLayer> layers) {
    if (layers.isEmpty()) {
      throw new ModelFormatException(config.where() + ": the model has no layers");
    }
    try {
      ModelSpec.requireIdsFirst(layers.stream().map(NamedLayer::layer).toList());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
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
    return shape;
  }

  /** Returns a model's architecture as the outer object of {@code config.json}. */
  static JsonObject write(SavedModel model) {
    JsonObject config = new JsonObject();
    config.addProperty("name", model.name());
    config.addProperty("trainable", true);
    config.add("dtype", KerasObject.floatPolicy());
    JsonArray layers = new JsonArray();
    layers.add(LayerEntry.ofInput(model.inputName(), model.input(), model.spec().tokenRows() > 0));
    Shape shape = model.input();
    for (NamedLayer named : model.layers()) {
      layers.add(LayerEntry.of(named, shape));
      Layer layer = named.layer();
      shape = layer.outputShape(shape);
    }
    config.add("layers", layers);
    config.add("build_input_shape", LayerEntry.batchShape(model.input()));
    JsonObject outer = KerasObject.of("keras", "Sequential", config);
    JsonObject build = new JsonObject();
    build.add("input_shape", LayerEntry.batchShape(model.input()));
    outer.add("build_config", build);
    if (model.objective() != null && model.optimizer() != null) {
      outer.add(
          "compile_config",
          ObjectiveConfig.write(model.objective(), model.optimizer(), shape.size(-1) == 1));
    }
    return outer;
  }
}
