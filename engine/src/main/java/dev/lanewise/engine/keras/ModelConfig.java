package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The architecture of a model: {@code Sequential} or {@code Functional}.
 *
 * @param name the model's name
 * @param graph its layers, and what each of them reads
 * @param layerNames the layers' names, those of models in it before the names of their layers
 * @param models the models in it
 * @param outputNames the names that losses and metrics know the outputs by
 * @param obstacles what of it is supported in prediction alone
 */
record ModelConfig(
    String name,
    Graph graph,
    List<String> layerNames,
    List<NestedModel> models,
    List<String> outputNames,
    List<Obstacle> obstacles) {
  private static final List<String> SHAPES = List.of("batch_shape", "batch_input_shape");
  private static final Set<String> MODELS = Set.of("Sequential", "Functional", "Model");
  private static final int MOST_LAYERS = 10_000;

  /**
   * Reads an architecture.
   *
   * @param outer the object with {@code class_name} and {@code config}
   * @throws ModelFormatException naming layer and key of what is wrong or not supported
   */
  static ModelConfig read(Config outer) {
    return read(outer, Replacements.NONE);
  }

  /**
   * Reads an architecture.
   *
   * @param others what stands in the place of some of its layers
   */
  static ModelConfig read(Config outer, Replacements others) {
    return OpenSteps.fewest(open -> read(outer, others, open));
  }

  private static ModelConfig read(Config outer, Replacements others, OpenSteps open) {
    String type = outer.className();
    if (!isModel(outer)) {
      throw new ModelFormatException(
          outer.where()
              + ": models of class "
              + LayerConfig.shortened(type)
              + " are not supported; Sequential and Functional models are");
    }
    Config config = settings(outer, type).at(outer.where());
    List<Obstacle> obstacles = new ArrayList<>();
    List<JsonElement> entries = layers(config, obstacles);
    Surroundings here = Surroundings.of(config, new GraphDraft(obstacles, open, others));
    String name = config.has("name") ? config.string("name") : "sequential";
    ModelConfig read =
        type.equals("Sequential")
            ? stack(name, config, entries, here)
            : FunctionalGraph.read(name, config, entries, here);
    others.requireUse(outer.where(), read.graph, read.layerNames);
    UnrolledMasks.requireNone(config, read.graph);
    boolean frozen = read.graph.layers().stream().noneMatch(Layer::trainable);
    if (!config.bool("trainable", true) && !frozen) { // Keras trains them or not, by its version
      obstacles.add(new Obstacle(TrainingOnly.inPrediction(config, "trainable"), false));
    }
    return read;
  }

  /** Returns whether an object is a model, the file's or one within another. */
  static boolean isModel(Config entry) {
    return MODELS.contains(entry.string("class_name"));
  }

  /**
   * Returns the entries of a model's layers.
   *
   * @param config its settings
   * @param obstacles takes what of them is supported in prediction alone
   */
  static List<JsonElement> layers(Config config, List<Obstacle> obstacles) {
    List<JsonElement> entries = config.array("layers");
    if (entries.isEmpty() || entries.size() > MOST_LAYERS) {
      throw new ModelFormatException(
          config.where() + ": expected 1 to " + MOST_LAYERS + " layers, found " + entries.size());
    }
    TrainingOnly.collect(config, obstacles);
    DtypeConfig.collect(config, obstacles);
    return entries;
  }

  /** Before Keras 2.2.3 a Sequential model's config was the list of its layers. */
  private static Config settings(Config outer, String type) {
    if (!type.equals("Sequential") || !(outer.json().get("config") instanceof JsonArray layers)) {
      return outer.child("config");
    }
    return new Config(outer.where(), new JsonObject()).element("layers", layers);
  }

  private static ModelConfig stack(
      String name, Config config, List<JsonElement> entries, Surroundings here) {
    GraphDraft draft = here.draft();
    StackLayers stack = new StackLayers(config, entries, here);
    String inputName = stack.inputNames().getFirst();
    Config first = StackLayers.first(config, entries);
    Graph.Input input =
        input(inputName, config, first, draft.open()).ofBatches(batchSize(config, first));
    if (LayerConfig.tellsMask(first) && !input.tellsMask()) {
      throw first.wrong("dtype", "a number's where it is no mask, [steps]");
    }
    draft.begin(List.of(input));
    List<Integer> outputs = stack.call(List.of(0));
    try {
      draft.settle();
      Graph graph = draft.graph(List.of(input), outputs);
      if (stack.input(inputName) != null) {
        LayerConfig.requirePlainInput(first, graph.tokenRows(0) > 0);
      }
      return draft.read(name, graph, stack.models(), List.of(stack.outputName()));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  /** Returns the sizes of a sample as an input layer says them, -1 for open ones, or none. */
  static List<Integer> declaredSizes(Config first) {
    for (String key : SHAPES) {
      if (first.has(key)) {
        List<JsonElement> sizes = first.array(key);
        return sizes.subList(Math.min(1, sizes.size()), sizes.size()).stream()
            .map(
                size ->
                    size.isJsonNull() ? -1 : (int) first.element(key, size).whole(key, 1, 1 << 24))
            .toList();
      }
    }
    return List.of();
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
    boolean any = config.array(key).get(1).isJsonNull();
    boolean mask = LayerConfig.tellsMask(config) && shape.rank() == 1;
    return new Graph.Input(name, shape, any, 0, mask);
  }

  /** Returns a model's architecture as the outer object of {@code config.json}. */
  static JsonObject write(SavedModel model) {
    JsonObject outer = ModelEntry.of(Level.of(model), true);
    if (model.objective() != null && model.optimizer() != null) {
      outer.add(
          "compile_config",
          ObjectiveConfig.write(model.objective(), model.optimizer(), model.spec()));
    }
    return outer;
  }
}
