package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.keras.WeightLayout.VariableGroup;
import dev.lanewise.engine.layer.ParameterSpec;
import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads {@code model.weights.h5}, inside an archive or by itself. */
final class WeightsReader {
  /** Where layers are, by Keras 3 and by tf.keras 2.13. */
  private static final List<String> ROOTS = List.of("layers", "_layer_checkpoint_dependencies");

  private static final String OPTIMIZER = "optimizer/vars";

  private final Hdf5 file;
  private final String name;

  WeightsReader(Hdf5 file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * What a file has of the optimizer.
   *
   * @param slots empty if there are none
   * @param iterations the updates done
   * @param learningRate the step size, absent under a schedule
   */
  record OptimizerState(
      List<Parameters.Slot> slots, long iterations, @Nullable Double learningRate) {}

  /** Returns every weight in Keras's order. */
  List<float[]> weights(ModelSpec spec, List<NestedModel> models) {
    List<float[]> values = new ArrayList<>();
    List<VariableGroup> groups = WeightLayout.groups(spec, models);
    if (groups.isEmpty()) {
      return values; // nor does the file of a model without weights have any group of layers
    }
    Group root = root();
    for (VariableGroup variables : groups) {
      List<ParameterSpec> parameters = variables.parameters();
      Group group = file.groupOrNull(root.getName() + "/" + variables.path());
      int found = group == null ? 0 : file.numberedDatasets(group).size();
      if (group == null || found != parameters.size()) {
        throw new ModelFormatException(
            name
                + ": group "
                + variables.path()
                + " has "
                + found
                + " variables, the model has "
                + parameters.size());
      }
      for (int p = 0; p < parameters.size(); p++) {
        values.add(file.floats(group, Integer.toString(p), parameters.get(p).shape()));
      }
    }
    return values;
  }

  private Group root() {
    for (String candidate : ROOTS) {
      Group root = file.groupOrNull(candidate);
      if (root != null) {
        return root;
      }
    }
    throw new ModelFormatException(name + ": has no group layers; is it a file of weights?");
  }

  /**
   * Returns the optimizer's state. As in Keras, one that does not match the optimizer is left out,
   * and training begins afresh.
   */
  OptimizerState optimizer(ModelSpec spec) {
    Group group = file.groupOrNull(OPTIMIZER);
    List<String> variables = group == null ? List.of() : file.numberedDatasets(group);
    if (group == null || variables.isEmpty()) {
      return new OptimizerState(List.of(), 0, null);
    }
    List<String> names = IntStream.range(0, variables.size()).mapToObj(String::valueOf).toList();
    return OptimizerLayout.of(spec).read(file, group, names);
  }
}
