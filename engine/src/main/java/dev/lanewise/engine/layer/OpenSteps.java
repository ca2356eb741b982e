package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** What in a graph goes with a number of steps that its inputs leave open. */
public final class OpenSteps {
  /** So many times the steps that a graph is for: what its layers can take, they can take here. */
  private static final int FACTOR = 64;

  private OpenSteps() {}

  /**
   * {@return the shapes of a graph's values with another number of steps; those that it has where
   * no input leaves it open}
   *
   * @param graph the graph
   * @throws IllegalArgumentException if its layers take some numbers alone
   */
  public static List<Shape> otherwise(Graph graph) {
    if (!graph.anySteps()) {
      return graph.shapes();
    }
    List<Shape> longer = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      Shape shape = input.shape();
      longer.add(shape.withFirst(Math.multiplyExact(shape.size(0), FACTOR)));
    }
    return graph.forInputs(longer).shapes();
  }
}
