package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.NamedLayer;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the layers of a model stand while they are read: in the file's model, or in one within it.
 *
 * @param draft the graph of all
 * @param path goes before their names
 * @param wrappers the {@code TimeDistributed} around, from the outermost to the innermost
 * @param names those of the model's own layers
 */
record Surroundings(GraphDraft draft, String path, List<Config> wrappers, LayerNames names) {
  /** Returns those of a file's model. */
  static Surroundings of(Config model, GraphDraft draft) {
    return new Surroundings(draft, "", List.of(), new LayerNames(model));
  }

  /** Returns those in a model that stands here. */
  Surroundings within(String name, Config model, List<Config> around) {
    List<Config> all = new ArrayList<>(wrappers);
    all.addAll(around);
    return new Surroundings(
        draft, path + name + NestedModel.SEPARATOR, List.copyOf(all), names.within(model));
  }

  /** Adds a layer to the graph, and returns its index. */
  int add(Config entry) {
    String given = entry.child("config").string("name");
    Layer other = replacementOrNull(given);
    if (other != null) {
      return draft.add(placed(given, other), null);
    }
    Config turned = WeightlessConfig.ofTurnedOrNull(entry);
    NamedLayer own = LayerConfig.read(turned == null ? entry : turned, draft.obstacles());
    if (turned != null) {
      Layer turning = Permute.turning();
      String name = own.name() + "_" + turning.kerasName();
      names.add(name);
      int turn = draft.add(placed(name, turning), null);
      draft.follow(turn, placed(own.name(), own.layer()));
      return turn;
    }
    int layer = draft.add(placed(own.name(), own.layer()), entry);
    Regularizer penalty = ActivityConfig.ofOutputs(entry, draft.obstacles());
    if (!penalty.equals(Regularizer.NONE)) {
      Layer added = new ActivityRegularization(penalty);
      String name = own.name() + "_" + added.kerasName();
      names.add(name);
      draft.follow(layer, placed(name, added));
    }
    return layer;
  }

  /** Returns what stands in the place of a layer here, or null if it stands there itself. */
  @Nullable Layer replacementOrNull(String name) {
    return draft.replacementOrNull(path + name);
  }

  /**
   * Returns a call of a layer here. In a model that is called at each step, layers heed the masks
   * that others of it tell of that step.
   *
   * @param told the values whose masks it is told to heed
   */
  Node call(int layer, List<Integer> reads, List<Integer> told) {
    boolean within = !wrappers.isEmpty() && draft.masks().within(reads.getFirst()) != null;
    return new Node(layer, reads, told, within);
  }

  /** Keeps a place for an operation of which it is not known yet what it does. */
  int keepPlace(String name) {
    return draft.keepPlace(path + name);
  }

  /** Puts an operation where a place is kept for it. */
  void fill(int place, OperationNode node, Layer operation) {
    draft.fill(place, node, placed(operation));
  }

  /** Returns the shape of a value as it is here: of one step, in a model that is called at each. */
  Shape shape(int value) {
    return NestedModel.part(draft.shape(value), wrappers.size());
  }

  /** Returns whether some of a value's steps do not count, be they steps of steps. */
  boolean isMasked(int value) {
    return draft.masks().of(value) != null || draft.masks().within(value) != null;
  }

  private NamedLayer placed(String name, Layer layer) {
    return new NamedLayer(path + name, placed(layer));
  }

  /** What a model does at each step, each of its layers does at each step. */
  Layer placed(Layer layer) {
    Layer placed = layer;
    for (Config wrapper : wrappers.reversed()) {
      placed = WrapperConfig.eachStep(wrapper, placed);
    }
    return placed;
  }
}
