package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layers of a {@code Sequential} model as they are read, each of which takes the last's. */
final class StackLayers implements ReadModel {
  private static final String INPUT = "input_layer";

  private final GraphDraft draft;
  private final @Nullable Config input;
  private final Surroundings here;
  private final List<Step> steps = new ArrayList<>();

  /** A layer, or a model that stands in the place of one. */
  private record Step(String name, int layer, @Nullable NestedDraft model) {
    String where() {
      return "layer " + LayerConfig.shortened(name) + ":";
    }
  }

  /**
   * Reads a model's layers.
   *
   * @param entries its {@code layers}
   */
  StackLayers(Config model, List<JsonElement> entries, Surroundings here) {
    draft = here.draft();
    this.here = here;
    Config first = ModelConfig.entry(model, entries.getFirst());
    boolean hasInput = first.className().equals("InputLayer");
    input = hasInput ? first.child("config").at("the input layer") : null;
    for (JsonElement element : entries.subList(hasInput ? 1 : 0, entries.size())) {
      Config entry = ModelConfig.entry(model, element);
      String name = entry.child("config").string("name");
      here.names().add(name, entry);
      if (NestedDraft.isModel(entry)) {
        steps.add(new Step(name, FunctionalCalls.MODEL, NestedDraft.read(entry, here)));
      } else {
        steps.add(new Step(name, here.add(entry), null));
      }
    }
    if (steps.isEmpty()) {
      throw new ModelFormatException(model.where() + ": the model has no layers");
    }
  }

  /** Returns the settings that say what comes in: the input's, or those of the first layer. */
  static Config first(Config model, List<JsonElement> entries) {
    Config entry = ModelConfig.entry(model, entries.getFirst());
    Config config = entry.child("config").at("the input layer");
    boolean own = !ModelConfig.isModel(entry) || config.array("layers").isEmpty();
    return own ? config : first(config, config.array("layers"));
  }

  @Override
  public List<String> inputNames() {
    return List.of(input == null ? INPUT : input.string("name"));
  }

  @Override
  public @Nullable Config input(String name) {
    return input;
  }

  @Override
  public List<NestedModel> models() {
    List<NestedModel> models = new ArrayList<>();
    for (Step step : steps) {
      if (step.model != null) {
        models.add(step.model.finished());
      }
    }
    return models;
  }

  /** Returns the name of the layer that gives what the model gives. */
  String outputName() {
    return steps.getLast().name;
  }

  @Override
  public List<Integer> call(List<Integer> given) {
    List<Integer> values = given;
    for (Step step : steps) {
      NestedDraft model = step.model;
      List<Integer> read = values.subList(0, 1);
      values =
          model == null
              ? draft.call(step.where(), here.call(step.layer, read, List.of()))
              : model.call(step.where(), read);
      if (model != null && values.size() > 1) {
        throw new ModelFormatException(
            step.where() + " gives several values, of which a stack of layers can take one");
      }
    }
    return values.subList(0, 1);
  }
}
