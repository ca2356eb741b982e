package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Graph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The names that Keras gives to operations on masks, which it makes as it reads a functional model:
 * the first of each kind is called as the kind, others are numbered, and where a layer of the file
 * has such a name the file is refused. So no layer below the model's end is written under one.
 */
final class MadeNames {
  /** What a mask begins with, and what becomes of it in merges. */
  private static final List<String> OF_MASKS =
      List.of("not_equal", "any", "all", "logical_or", "logical_and");

  private static final List<String> OF_JOINED =
      List.of("concatenate", "ones_like", "zeros_like", "expand_dims", "broadcast_to");

  private final Set<String> kinds = new HashSet<>();

  /** Looks at what carries masks, and where they are joined. */
  MadeNames(Graph graph) {
    boolean masked =
        IntStream.range(0, graph.shapes().size())
            .anyMatch(value -> graph.masks().of(value) != null);
    boolean joined =
        graph.nodes().stream()
            .anyMatch(
                node ->
                    graph.layers().get(node.layer()).unfrozen() instanceof Concatenate
                        && node.reads().stream().anyMatch(x -> graph.masks().of(x) != null));
    kinds.addAll(masked ? OF_MASKS : List.of());
    kinds.addAll(joined ? OF_JOINED : List.of());
  }

  /**
   * Returns a layer's name, or one that Keras does not give.
   *
   * @param taken the names of all layers
   */
  String apart(String name, List<String> taken) {
    if (!kinds.contains(name.replaceFirst("_[0-9]+$", ""))) {
      return name;
    }
    String other = name + "_layer";
    while (taken.contains(other)) {
      other += "_";
    }
    return other;
  }
}
