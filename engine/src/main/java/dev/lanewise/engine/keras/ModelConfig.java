package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The architecture of a model: {@code Sequential}, or a functional model that is one chain.
 *
 * @param name the model's name
 * @param input the shape of one sample
 * @param inputName the input layer's name
 * @param layers the stack
 * @param obstacle why it cannot be trained or written again here, mostly absent
 */
record ModelConfig(
    String name,
    Shape input,
    String inputName,
    List<NamedLayer> layers,
    @Nullable String obstacle) {
  private static final int MOST_LAYERS = 10_000;

  /**
   * Reads an architecture.
   *
   * @param outer the object with {@code class_name} and {@code config}
   * @throws ModelFormatException naming layer and key of what is wrong or not supported
   */
  static ModelConfig read(Config outer) {
    String type = outer.string("class_name");
    if (!type.equals("Sequential") && !type.equals("Functional") && !type.equals("Model")) {
      throw new ModelFormatException(
          outer.where()
              + ": models of class "
              + LayerConfig.shortened(type)
              + " are not supported; Sequential models and functional chains are");
    }
    Config config = outer.child("config").at(outer.where());
    List<JsonElement> entries = config.array("layers");
    if (entries.isEmpty() || entries.size() > MOST_LAYERS) {
      throw new ModelFormatException(
          outer.where() + ": expected 1 to " + MOST_LAYERS + " layers, found " + entries.size());
    }
    if (!type.equals("Sequential")) {
      FunctionalChain.require(config, entries);
    }
    return stack(config, entries);
  }

  private static ModelConfig stack(Config config, List<JsonElement> entries) {
    Config first = entry(config, entries.getFirst());
    boolean hasInput = first.string("class_name").equals("InputLayer");
    Config firstConfig = first.child("config").at("the input layer");
    String shapeKey = firstConfig.has("batch_shape") ? "batch_shape" : "batch_input_shape";
    Shape input;
    if (firstConfig.has(shapeKey)) {
      input = shape(firstConfig.shapeWithoutBatch(shapeKey));
    } else if (config.has("build_input_shape")) {
      input = shape(config.shapeWithoutBatch("build_input_shape"));
    } else {
      throw new ModelFormatException(
          config.where()
              + ": the model's input shape is not in the file; call build and save again");
    }
    String inputName = hasInput ? firstConfig.string("name") : "input_layer";
    if (hasInput) {
      LayerConfig.requireFloat32(firstConfig);
    }
    List<NamedLayer> layers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    String obstacle = null;
    for (JsonElement element : entries.subList(hasInput ? 1 : 0, entries.size())) {
      Config entry = entry(config, element);
      if (LayerConfig.isDropout(entry)) {
        obstacle = obstacle == null ? LayerConfig.obstacle(entry) : obstacle;
        continue;
      }
      NamedLayer layer = LayerConfig.read(entry);
      if (!names.add(layer.name())) {
        throw new ModelFormatException(
            config.where() + ": has two layers named " + LayerConfig.shortened(layer.name()));
      }
      layers.add(layer);
    }
    String name = config.has("name") ? config.string("name") : "sequential";
    requireStack(config, input, layers);
    return new ModelConfig(name, input, inputName, layers, obstacle);
  }

  private static Config entry(Config config, JsonElement element) {
    if (!element.isJsonObject()) {
      throw config.wrong("layers", "an array of objects");
    }
    return new Config(config.where() + ", layers", element.getAsJsonObject());
  }

  private static Shape shape(List<Integer> sizes) {
    return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void requireStack(Config config, Shape input, List<NamedLayer> layers) {
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
    JsonObject config = new JsonObject();
    config.addProperty("name", model.name());
    config.addProperty("trainable", true);
    config.add("dtype", KerasObject.floatPolicy());
    JsonArray layers = new JsonArray();
    layers.add(LayerConfig.inputEntry(model.inputName(), model.input()));
    Shape shape = model.input();
    for (NamedLayer named : model.layers()) {
      layers.add(LayerConfig.entry(named, shape));
      Layer layer = named.layer();
      shape = layer.outputShape(shape);
    }
    config.add("layers", layers);
    config.add("build_input_shape", LayerConfig.batchShape(model.input()));
    JsonObject outer = KerasObject.of("keras", "Sequential", config);
    JsonObject build = new JsonObject();
    build.add("input_shape", LayerConfig.batchShape(model.input()));
    outer.add("build_config", build);
    if (model.training() != null) {
      outer.add("compile_config", TrainingConfig.write(model.training()));
    }
    return outer;
  }
}
