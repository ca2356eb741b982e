package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/** A model's entry as it is written, the file's or one within it. */
final class ModelEntry {
  private ModelEntry() {}

  /**
   * Returns a model's entry.
   *
   * @param trainable whether training changes anything in it
   */
  static JsonObject of(Level level, boolean trainable) {
    JsonObject config = new JsonObject();
    config.addProperty("name", level.name());
    config.addProperty("trainable", trainable);
    config.add("dtype", KerasObject.floatPolicy());
    JsonObject outer;
    JsonObject build;
    if (level.stack()) {
      addStack(config, level);
      outer = KerasObject.of("keras", "Sequential", config);
      build = new JsonObject();
      build.add("input_shape", level.shape(level.inputs().getFirst().value()).batched());
    } else {
      FunctionalEntry.addTo(config, level);
      outer = KerasObject.of("keras.src.models.functional", "Functional", config);
      outer.addProperty("registered_name", "Functional");
      build = FunctionalEntry.build();
    }
    outer.add("build_config", build);
    return outer;
  }

  private static void addStack(JsonObject config, Level level) {
    JsonArray layers = new JsonArray();
    layers.add(input(level, level.inputs().getFirst()));
    level.calls().forEach(call -> layers.add(part(level, call)));
    config.add("layers", layers);
    config.add("build_input_shape", level.shape(level.inputs().getFirst().value()).batched());
  }

  /** Returns an input layer's entry. */
  static JsonObject input(Level level, Level.Input input) {
    return LayerEntry.ofInput(input.name(), level.shape(input.value()), level.dtype(input.value()));
  }

  /**
   * Returns the entry of a layer, or of a model in the place of one.
   *
   * @param call its first one
   */
  static JsonObject part(Level level, Level.Call call) {
    Level.Part part = level.parts().get(call.part());
    List<FileShape> read = call.reads().stream().map(level::shape).toList();
    NamedLayer layer = part.layer();
    NestedModel model = part.model();
    if (layer != null) {
      List<Shape> shapes = read.stream().map(FileShape::shape).toList();
      if (EinsumConfig.isProduct(layer.layer(), shapes)) {
        return EinsumConfig.write(layer.name(), layer.layer(), shapes);
      }
      return layer.layer() instanceof Operation operation
          ? OperationEntry.of(layer.name(), operation)
          : LayerEntry.of(layer, read);
    }
    Level within = level.within(Objects.requireNonNull(model));
    JsonObject entry = of(within, within.trainable());
    return model.eachStep() ? eachStep(model.name(), entry, read.getFirst()) : entry;
  }

  private static JsonObject eachStep(String name, JsonObject model, FileShape input) {
    JsonObject config = new JsonObject();
    config.addProperty("name", name);
    config.add("trainable", model.getAsJsonObject("config").get("trainable"));
    config.add("dtype", KerasObject.floatPolicy());
    config.add("layer", model);
    JsonObject entry = KerasObject.of("keras.layers", "TimeDistributed", config);
    JsonObject build = new JsonObject();
    build.add("input_shape", input.batched());
    entry.add("build_config", build);
    return entry;
  }
}
