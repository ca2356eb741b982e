package dev.lanewise.cli.report;

import com.google.gson.Gson;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network as a page holds it: its layers in Keras's words, weights as base64 of little-endian
 * floats. {@code network.js} computes it.
 *
 * @param layers from the pictures' rows up, those that do nothing but in training left out
 */
record PageNetwork(List<PageLayer> layers) {
  private static final Shape DIGIT = Shape.of(28, 28);

  /** Four bytes each, and a third more as text: a page of some 1.6 MB. */
  private static final long MOST_WEIGHTS = 300_000;

  /** Of more, nobody sees which is which. */
  private static final int MOST_CLASSES = 40;

  private static final Set<Activation> FUNCTIONS =
      Set.of(Activation.LINEAR, Activation.RELU, Activation.TANH, Activation.SIGMOID);

  /** A layer's names and numbers are those of the JSON. */
  private record PageLayer(
      String kind,
      int units,
      String activation,
      @Nullable String recurrentActivation,
      boolean resetAfter,
      List<String> weights) {}

  /**
   * Describes a network that reads a picture of 28 x 28 row by row and tells classes apart.
   *
   * @return null if it is another, or too large for a page
   */
  static @Nullable PageNetwork of(Graph graph, Parameters parameters) {
    if (!isOfPictures(graph) || parameters.firstNotFinite() >= 0) {
      return null;
    }
    List<PageLayer> layers = new ArrayList<>();
    long count = 0;
    int next = 0;
    for (int i = 0; i < graph.layers().size(); i++) {
      int arrays = graph.parameters(i).size();
      List<float[]> weights = parameters.values().subList(next, next + arrays);
      next += arrays;
      count += weights.stream().mapToLong(array -> array.length).sum();
      Layer layer = graph.layers().get(i).unfrozen();
      boolean last = i == graph.layers().size() - 1;
      if (count > MOST_WEIGHTS || !isKnown(layer, last)) {
        return null;
      }
      if (arrays > 0) {
        layers.add(described(layer, weights.stream().map(PageNetwork::base64).toList()));
      }
    }
    return new PageNetwork(List.copyOf(layers));
  }

  /** Only a recurrent layer makes one answer of 28 rows, if no layer but known ones is there. */
  private static boolean isOfPictures(Graph graph) {
    if (!graph.isChain() || graph.batchSize() != 0 || graph.anySteps()) {
      return false;
    }
    Shape output = graph.shapes().get(graph.outputs().getFirst());
    return graph.inputs().getFirst().shape().equals(DIGIT)
        && graph.outputActivation(0) == Activation.SOFTMAX
        && output.rank() == 1
        && output.size(0) <= MOST_CLASSES;
  }

  private static boolean isKnown(Layer layer, boolean last) {
    return switch (layer) {
      case SimpleRnn rnn -> walksOn(rnn) && FUNCTIONS.contains(rnn.activation());
      case Lstm lstm ->
          walksOn(lstm)
              && FUNCTIONS.contains(lstm.activation())
              && FUNCTIONS.contains(lstm.recurrentActivation());
      case Gru gru ->
          walksOn(gru)
              && FUNCTIONS.contains(gru.activation())
              && FUNCTIONS.contains(gru.recurrentActivation());
      case Dense dense -> last || FUNCTIONS.contains(dense.activation());
      case Dropout dropout -> true;
      case SpatialDropout dropout -> true;
      case Noise noise -> true;
      default -> false;
    };
  }

  /** What goes backwards has said nothing before it has read the last row. */
  private static boolean walksOn(Recurrent layer) {
    return !layer.goBackwards();
  }

  private static PageLayer described(Layer layer, List<String> weights) {
    String kind = layer.className();
    return switch (layer) {
      case SimpleRnn rnn ->
          new PageLayer(kind, rnn.units(), rnn.activation().kerasName(), null, false, weights);
      case Lstm lstm ->
          new PageLayer(
              kind,
              lstm.units(),
              lstm.activation().kerasName(),
              lstm.recurrentActivation().kerasName(),
              false,
              weights);
      case Gru gru ->
          new PageLayer(
              kind,
              gru.units(),
              gru.activation().kerasName(),
              gru.recurrentActivation().kerasName(),
              gru.resetAfter(),
              weights);
      case Dense dense ->
          new PageLayer(kind, dense.units(), dense.activation().kerasName(), null, false, weights);
      default -> throw new IllegalStateException(kind + ": is in no page");
    };
  }

  private static String base64(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** Returns it as the page's scripts read it. */
  String json() {
    return new Gson().toJson(layers);
  }
}
