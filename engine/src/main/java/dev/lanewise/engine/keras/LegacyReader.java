package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.layer.ParameterSpec;
import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code .h5} files of Keras 1 to 3, whole models or weights alone. */
final class LegacyReader {
  private static final int MOST_PARTS = 10_000;

  private final Hdf5 file;
  private final String name;

  LegacyReader(Hdf5 file, String name) {
    this.file = file;
    this.name = name;
  }

  /** Returns whether the file is laid out in this way. */
  boolean applies() {
    return file.groupOrNull("model_weights") != null || listed(root(), "layer_names") != null;
  }

  /** Returns a JSON text of the root, or null if there is none. */
  @Nullable String text(String attribute) {
    return file.text(root(), attribute);
  }

  private Group root() {
    Group root = file.groupOrNull("");
    if (root == null) {
      throw new ModelFormatException(name + ": has no root group");
    }
    return root;
  }

  /** Returns every weight in Keras's order: layers in order, those without weights passed over. */
  List<float[]> weights(ModelSpec spec, List<NestedModel> models) {
    Group holder = file.groupOrNull("model_weights");
    String path = holder == null ? "" : "model_weights/";
    Group weights = holder == null ? root() : holder;
    List<String> layers = listed(weights, "layer_names");
    if (layers == null) {
      throw new ModelFormatException(name + ": has no list of layer_names");
    }
    List<ParameterSpec> parameters = spec.parameters();
    List<List<Integer>> expected = LegacyGroups.of(spec, models);
    float[][] values = new float[parameters.size()][];
    int next = 0;
    for (String layer : layers) {
      Group group = file.groupOrNull(path + layer);
      List<String> names = group == null ? null : listed(group, "weight_names");
      if (group == null || names == null) {
        throw new ModelFormatException(name + ": layer " + shown(layer) + " has no weight_names");
      }
      if (!names.isEmpty()) {
        List<Integer> places = next < expected.size() ? expected.get(next) : List.of();
        List<float[]> read =
            layer(places.stream().map(parameters::get).toList(), layer, group, names);
        for (int i = 0; i < read.size(); i++) {
          values[places.get(i)] = read.get(i);
        }
        next++;
      }
    }
    if (next != expected.size()) {
      throw new ModelFormatException(
          name + ": has weights of " + next + " layers, the model has " + expected.size());
    }
    return List.of(values);
  }

  private List<float[]> layer(
      List<ParameterSpec> parameters, String layer, Group group, List<String> names) {
    List<String> left = new ArrayList<>(names);
    List<float[]> values = new ArrayList<>();
    while (values.size() < parameters.size() && !left.isEmpty()) {
      List<ParameterSpec> next = parameters.subList(values.size(), parameters.size());
      if (CellWeights.areNext(next, left)) {
        CellWeights.read(file, group, next, left, values);
      } else {
        values.add(file.floats(group, left.removeFirst(), next.getFirst().shape()));
      }
    }
    if (values.size() != parameters.size() || !left.isEmpty()) {
      throw new ModelFormatException(
          name
              + ": layer "
              + shown(layer)
              + " has "
              + names.size()
              + " weights, the model has "
              + parameters.size());
    }
    return values;
  }

  /**
   * Returns the optimizer's state as Keras 3 lays it out. Other layouts, such as tf.keras 2's,
   * begin afresh.
   */
  OptimizerState optimizer(ModelSpec spec) {
    Group group = file.groupOrNull("optimizer_weights");
    List<String> names = group == null ? null : listed(group, "weight_names");
    OptimizerLayout layout = OptimizerLayout.of(spec);
    boolean known =
        names != null
            && names.size() > 1
            && names.get(0).endsWith("/iteration")
            && names.get(1).endsWith("/learning_rate") == (layout.rate() != null);
    return group == null || names == null || !known
        ? new OptimizerState(List.of(), 0, null)
        : layout.read(file, group, names);
  }

  /** A list too long for one attribute continues in those numbered from 0. */
  private @Nullable List<String> listed(Group group, String attribute) {
    List<String> whole = file.names(group, attribute);
    if (whole != null) {
      return whole;
    }
    List<String> all = new ArrayList<>();
    for (int part = 0; part < MOST_PARTS; part++) {
      List<String> names = file.names(group, attribute + part);
      if (names == null) {
        return part == 0 ? null : all;
      }
      all.addAll(names);
    }
    throw new ModelFormatException(name + ": " + attribute + " has too many parts");
  }

  private static String shown(String layer) {
    return LayerConfig.shortened(layer);
  }
}
