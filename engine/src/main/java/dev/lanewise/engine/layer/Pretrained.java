package dev.lanewise.engine.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers with the weights that they were given by training, to begin with in another model (Keras's
 * transfer learning): {@link GraphBuilder#apply(Pretrained, GraphBuilder.Value...)} puts them among
 * that one's layers.
 *
 * <pre>{@code
 * Pretrained trunk = digits.pretrained().upTo(-2).frozen();
 * Value picture = graph.input("picture", Shape.of(28, 28));
 * graph.output(graph.apply(Dense.of(3, Activation.SOFTMAX), graph.apply(trunk, picture)));
 * }</pre>
 */
public final class Pretrained {
  private final Graph graph;
  private final StartValues values;

  private Pretrained(Graph graph, StartValues values) {
    this.graph = graph;
    this.values = values;
  }

  /**
   * {@return the layers of a graph with these weights}
   *
   * @param graph layers, and what each of them reads
   * @param weights an array each of the graph's, row-major, in Keras's order; they are shared, not
   *     copied
   * @throws IllegalArgumentException if they are not the graph's, naming a layer
   */
  public static Pretrained of(Graph graph, List<float[]> weights) {
    Map<Integer, List<float[]>> byLayer = new HashMap<>();
    int next = 0;
    for (int layer = 0; layer < graph.layers().size(); layer++) {
      int end = next + graph.parameters(layer).size();
      if (end > next) {
        byLayer.put(
            layer, weights.subList(Math.min(next, weights.size()), Math.min(end, weights.size())));
      }
      next = end;
    }
    if (next != weights.size()) {
      throw new IllegalArgumentException(
          "Pretrained: the model has " + next + " arrays of weights, found " + weights.size());
    }
    StartValues values = new StartValues(byLayer);
    values.requireFit(graph);
    return new Pretrained(graph, values);
  }

  /** {@return the layers, and what each of them reads} */
  public Graph graph() {
    return graph;
  }

  StartValues values() {
    return values;
  }

  /**
   * {@return the layers that one of them needs, and that one itself, which gives what these give}
   *
   * @param layer its place, from 0; from the end if it is negative: {@code upTo(-2)} is Keras's
   *     {@code layers[-2].output}
   * @throws IllegalArgumentException if there is no such layer
   */
  public Pretrained upTo(int layer) {
    int count = graph.layers().size();
    int last = layer < 0 ? count + layer : layer;
    if (last < 0 || last >= count) {
      throw new IllegalArgumentException(
          "Pretrained: has " + count + " layers, found no layer " + layer);
    }
    GraphCut cut = new GraphCut(graph, graph.firstCall(last));
    return new Pretrained(cut.graph(), values.of(cut.layers()));
  }

  /** {@return these as layers that training leaves as they are, Keras's trainable=False} */
  public Pretrained frozen() {
    List<Layer> layers = new ArrayList<>(graph.layers());
    layers.replaceAll(Layer::frozen);
    return new Pretrained(
        new Graph(graph.inputs(), layers, graph.nodes(), graph.outputs()), values);
  }
}
