package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import dev.lanewise.engine.keras.NestedModel.Call;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model within a model as it is read: each call of it is calls of its layers. */
final class NestedDraft {
  private final Surroundings around;
  private final String name;

  /** The {@code TimeDistributed} around it, if there is one, and the model's own settings. */
  private final @Nullable Config wrapper;

  private final Config config;
  private final boolean stack;
  private final int firstLayer;
  private final int layers;
  private final ReadModel content;
  private final List<Call> calls = new ArrayList<>();

  private NestedDraft(Config entry, Surroundings around) {
    this.around = around;
    Config own = LayerConfig.config(entry);
    name = own.string("name");
    Config model = entry;
    wrapper = ModelConfig.isModel(entry) ? null : own;
    if (wrapper != null) {
      WrapperConfig.requireTimeDistributed(wrapper, around.draft().obstacles());
      TrainingOnly.collect(wrapper, around.draft().obstacles());
      model = wrapper.child("layer");
      around.names().requireOwn(model);
    }
    stack = model.className().equals("Sequential");
    config = LayerConfig.config(model);
    List<JsonElement> entries = ModelConfig.layers(config, around.draft().obstacles());
    firstLayer = around.draft().layerCount();
    Surroundings here = around.within(name, config, wrapper == null ? List.of() : List.of(wrapper));
    content =
        stack ? new StackLayers(config, entries, here) : FunctionalGraph.of(config, entries, here);
    layers = around.draft().layerCount() - firstLayer;
    if (layers == 0) {
      throw new ModelFormatException(config.where() + ": has no layer that does anything");
    }
  }

  /** Returns whether an entry is a model, or one at each step of a sequence. */
  static boolean isModel(Config entry) {
    return ModelConfig.isModel(entry)
        || (entry.string("class_name").equals("TimeDistributed")
            && entry.child("config").has("layer")
            && ModelConfig.isModel(entry.child("config").child("layer")));
  }

  /** Reads a model and the layers in it. */
  static NestedDraft read(Config entry, Surroundings around) {
    NestedDraft nested = new NestedDraft(entry, around);
    around.draft().add(nested);
    return nested;
  }

  /** Returns whether it is a functional model that stands for itself. */
  boolean isFunctional() {
    return wrapper == null && !stack;
  }

  /**
   * Adds a call of the model.
   *
   * @param where the beginning of what is said of it
   * @param given the values that it is given
   * @return the values that it gives
   */
  List<Integer> call(String where, List<Integer> given) {
    List<String> names = content.inputNames();
    if (given.size() != names.size()) {
      throw new ModelFormatException(
          where + " takes " + names.size() + " inputs, found " + given.size());
    }
    if (new HashSet<>(given).size() < given.size()) {
      throw new ModelFormatException(
          where + " is given the same value as two inputs, which is not supported");
    }
    for (int i = 0; i < names.size(); i++) {
      requireShape(where, names.get(i), i, given.get(i));
    }
    int first = around.draft().nodeCount();
    List<Integer> gives = content.call(given);
    if (wrapper != null && (given.size() > 1 || gives.size() > 1)) {
      throw new ModelFormatException(
          where + " has a model of several inputs or outputs at each step, which is not supported");
    }
    if (wrapper != null) {
      gives.forEach(value -> end(where, value));
    }
    calls.add(new Call(first, around.draft().nodeCount() - first, given, gives));
    return gives;
  }

  /** A mask of each step ends with the model in Keras 3, and goes on above in Keras 2. */
  private void end(String where, int value) {
    MaskFlow masks = around.draft().masks();
    boolean second = wrapper != null && MaskRules.read(wrapper) == MaskRule.KERAS_2;
    if (second && masks.within(value) != null) {
      throw new ModelFormatException(
          where
              + " gives masked sequences at each step, whose masks go on to the layers above in"
              + " Keras 2, which is not supported");
    }
    masks.endWithin(value);
  }

  /** Keras adds or drops a size of 1 where that makes a value fit; here it must fit as it is. */
  private void requireShape(String where, String input, int place, int value) {
    Shape whole = around.draft().shape(value);
    int steps = around.wrappers().size() + (wrapper == null ? 0 : 1);
    if (whole.rank() <= steps) {
      throw new ModelFormatException(
          where + " takes steps, [steps, features] or more sizes, found " + whole);
    }
    Shape given = NestedModel.part(whole, steps);
    Config own = content.input(input);
    List<Integer> sizes = own == null ? List.of() : ModelConfig.declaredSizes(own);
    boolean fits = sizes.isEmpty() || sizes.size() == given.rank();
    for (int i = 0; fits && i < sizes.size(); i++) {
      fits = sizes.get(i) < 0 || sizes.get(i) == given.size(i);
    }
    if (!calls.isEmpty()) {
      Shape before = around.draft().shape(calls.getFirst().reads().get(place));
      fits &= before.rank() == whole.rank();
    }
    if (!fits) {
      throw new ModelFormatException(
          where + " takes " + sizes + " as " + LayerConfig.shortened(input) + ", found " + given);
    }
  }

  private int firstLayer() {
    return around.draft().settled(firstLayer);
  }

  private int endLayer() {
    return around.draft().settled(firstLayer + layers);
  }

  /** Returns the model, whose calls are known. */
  NestedModel finished() {
    return new NestedModel(
        name,
        wrapper == null ? null : config.string("name"),
        stack,
        firstLayer(),
        endLayer() - firstLayer(),
        content.inputNames(),
        content.models(),
        calls);
  }

  /** Adds what of the model is at odds with its layers, and refuses inputs that are none. */
  void check(Graph graph, List<Obstacle> obstacles) {
    if (firstLayer() == endLayer()) {
      throw new ModelFormatException(config.where() + ": has no layer that does anything");
    }
    for (Config own : wrapper == null ? List.of(config) : List.of(wrapper, config)) {
      if (!own.bool("trainable", true) && trains(graph)) { // or not, by Keras's version
        obstacles.add(new Obstacle(TrainingOnly.inPrediction(own, "trainable"), false));
      }
    }
    requireMasks(graph);
    List<String> names = content.inputNames();
    for (int i = 0; i < names.size(); i++) {
      Config own = content.input(names.get(i));
      if (own != null) {
        for (Call call : calls) {
          LayerConfig.requirePlainInput(own, namesTokens(graph, call.reads().get(i)));
        }
      }
    }
  }

  /** In a model within no layer is told its mask. */
  private void requireMasks(Graph graph) {
    for (Call call : calls) {
      for (int n = call.firstNode(); n < call.endNode(); n++) {
        Graph.Node node = graph.nodes().get(n);
        Layer layer = graph.layers().get(node.layer());
        for (int place = 0; place < node.reads().size(); place++) {
          if (MaskFlow.takesMasks(layer) && graph.lostMasks().isGone(n, place)) {
            throw new ModelFormatException(
                config.where()
                    + ": a "
                    + layer.className()
                    + " reads a value whose mask a MultiHeadAttention has taken away, which is not"
                    + " supported in a model within");
          }
        }
      }
    }
  }

  private static boolean namesTokens(Graph graph, int value) {
    return value < graph.inputs().size() && graph.tokenRows(value) > 0;
  }

  private boolean trains(Graph graph) {
    for (int l = firstLayer(); l < endLayer(); l++) {
      if (graph.parameters(l).stream().anyMatch(parameter -> parameter.trainable())) {
        return true;
      }
    }
    return false;
  }
}
