package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Which parameters stand together in legacy files: those of each layer in a group, and of each
 * model within, in which those that are trained come before the others, whichever its layers.
 */
final class LegacyGroups {
  private LegacyGroups() {}

  /** Returns the places of each group's parameters among all, groups without any left out. */
  static List<List<Integer>> of(ModelSpec spec, List<NestedModel> models) {
    List<List<Integer>> groups = new ArrayList<>();
    int place = 0;
    for (int i = 0; i < spec.layers().size(); ) {
      NestedModel model = NestedModel.with(i, models);
      int end = model == null ? i + 1 : model.endLayer();
      List<Integer> trained = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      for (; i < end; i++) {
        for (ParameterSpec parameter : spec.graph().parameters(i)) {
          boolean first = model == null || parameter.trainable();
          (first ? trained : others).add(place++);
        }
      }
      trained.addAll(others);
      if (!trained.isEmpty()) {
        groups.add(trained);
      }
    }
    return groups;
  }
}
