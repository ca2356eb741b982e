package dev.lanewise.engine.onnx;

import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What attentions of one head and of several have in common: how scores become shares. */
final class OnnxScores {
  /**
   * What Keras takes from a score that is masked. Beside it a score is nothing in float32, so that
   * where all are masked all are alike.
   */
  private static final float MASKED = 1e9f;

  private OnnxScores() {}

  /**
   * Adds the softmax of scores over their last axis.
   *
   * @param counts where a score counts, 1, or does not, 0; null if all do
   */
  static String shares(OnnxGraph graph, String name, String scores, @Nullable String counts) {
    String left = scores;
    if (counts != null) {
      String one = graph.scalar(name + "_one", 1);
      String masked = graph.scalar(name + "_masked", MASKED);
      left = name + "_left";
      graph.node("Sub", List.of(one, counts), List.of(name + "_out"));
      graph.node("Mul", List.of(name + "_out", masked), List.of(name + "_much"));
      graph.node("Sub", List.of(scores, name + "_much"), List.of(left));
    }
    String shares = name + "_shares";
    graph.node("Softmax", List.of(left), List.of(shares), Attribute.of("axis", -1));
    return shares;
  }

  /**
   * Adds where a step of the first value has one of the second that is not ahead, [1, Tq, Tv].
   *
   * @param shapes of both
   */
  static String before(OnnxGraph graph, String name, List<Shape> shapes) {
    int steps = shapes.get(0).size(0);
    int others = shapes.get(1).size(0);
    float[] before = new float[steps * others];
    for (int t = 0; t < steps; t++) {
      for (int u = 0; u < others; u++) {
        before[t * others + u] = u <= t ? 1 : 0;
      }
    }
    return graph.constant(name + "_before", Shape.of(1, steps, others), before);
  }
}
