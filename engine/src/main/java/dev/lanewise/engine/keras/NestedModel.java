package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that stands in another one as one of its layers, alone or at each step of a sequence. Its
 * layers are layers of the graph like all others, which calls them wherever the model is called:
 * this says which they are, so that weights are found where files have them, and written there.
 *
 * @param name its name among what stands beside it: that of the {@code TimeDistributed} around it,
 *     if there is one
 * @param wrapped its own name within that, null if it is called as it is
 * @param stack whether it is a {@code Sequential}, a {@code Functional} otherwise
 * @param firstLayer the index of its first layer in the graph
 * @param layers how many it has, those of models in it included; they follow one another
 * @param inputs the names of its inputs
 * @param models the models in it, in the order of their layers
 * @param calls where it is called
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record NestedModel(
    String name,
    @Nullable String wrapped,
    boolean stack,
    int firstLayer,
    int layers,
    List<String> inputs,
    List<NestedModel> models,
    List<Call> calls) {
  /** Between the names of a model and of what is in it; no layer of Keras 3 has it in its name. */
  static final String SEPARATOR = "/";

  /** Makes the lists unmodifiable. */
  public NestedModel {
    inputs = List.copyOf(inputs);
    models = List.copyOf(models);
    calls = List.copyOf(calls);
  }

  /**
   * A call of a model: nodes of the graph that follow one another.
   *
   * @param firstNode the first of them
   * @param nodes how many they are
   * @param reads the values that it is given, input by input
   * @param gives the values that it gives
   */
  public record Call(int firstNode, int nodes, List<Integer> reads, List<Integer> gives) {
    /** Makes the lists unmodifiable. */
    public Call {
      reads = List.copyOf(reads);
      gives = List.copyOf(gives);
    }

    int endNode() {
      return firstNode + nodes;
    }
  }

  int endLayer() {
    return firstLayer + layers;
  }

  /** {@return whether it is called at each step of a sequence by itself} */
  public boolean eachStep() {
    return wrapped != null;
  }

  /** Returns the name of its class in weights' files. */
  String kerasName() {
    return stack ? "sequential" : "functional";
  }

  /** Returns whether training changes any of its layers. */
  boolean trainable(Graph graph) {
    return graph.layers().subList(firstLayer, endLayer()).stream().anyMatch(Layer::trainable);
  }

  /** Returns a layer as it stands in a model that is called at each of so many steps. */
  static Layer inside(Layer layer, int steps) {
    Layer inner = layer.unfrozen();
    for (int i = 0; i < steps; i++) {
      inner = ((TimeDistributed) inner).layer();
    }
    return layer.trainable() ? inner : inner.frozen();
  }

  /** Returns the shape of a value as it is in a model that is called at each of so many steps. */
  static Shape part(Shape shape, int steps) {
    Shape part = shape;
    for (int i = 0; i < steps; i++) {
      part = part.part();
    }
    return part;
  }

  /** Returns the model that has a layer, or null if it is in none of them. */
  static @Nullable NestedModel with(int layer, List<NestedModel> models) {
    for (NestedModel model : models) {
      if (model.firstLayer <= layer && layer < model.endLayer()) {
        return model;
      }
    }
    return null;
  }
}
