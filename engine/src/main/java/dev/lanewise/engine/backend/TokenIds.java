package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.OneHot;
import java.util.List;

/**
 * Holds the ids of tokens against the tables whose rows they name, before anything is computed with
 * them.
 */
public final class TokenIds {
  private final List<Graph.Input> inputs;

  /** By input: the rows of its table, 0 where it is no ids; the numbers of a sample before it. */
  private final int[] rows;

  /** By input: whether no table has these rows. */
  private final boolean[] oneHot;

  private final int[] places;
  private final int sampleSize;
  private final boolean any;

  private TokenIds(Graph graph) {
    inputs = graph.inputs();
    rows = new int[inputs.size()];
    oneHot = new boolean[inputs.size()];
    places = new int[inputs.size()];
    int size = 0;
    boolean found = false;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = graph.tokenRows(i);
      oneHot[i] = isOneHot(graph, i);
      places[i] = size;
      size += Math.toIntExact(inputs.get(i).shape().elementCount());
      found |= rows[i] > 0;
    }
    sampleSize = size;
    any = found;
  }

  private static boolean isOneHot(Graph graph, int input) {
    return graph.nodes().stream()
        .filter(node -> node.reads().contains(input))
        .allMatch(node -> graph.layers().get(node.layer()) instanceof OneHot);
  }

  /**
   * {@return what a model's inputs are held against}
   *
   * @param spec the model
   */
  public static TokenIds of(ModelSpec spec) {
    return new TokenIds(spec.graph());
  }

  /**
   * Refuses a data set with a number that names no row.
   *
   * @param data the data set
   * @throws IllegalArgumentException naming sample, step, id and limit
   */
  public void require(Dataset data) {
    if (!any) {
      return;
    }
    if (data.hasBytes()) {
      throw new IllegalArgumentException(
          "data: the model takes the ids of tokens, found bytes, which stand for pixels / 255; give"
              + " floats");
    }
    require(data.floatFeatures(), data.firstSample(), data.size());
  }

  /**
   * Refuses samples with a number that names no row.
   *
   * @param values all samples, one after the other
   * @param first the first that counts
   * @param samples how many count; messages number them from 0
   * @throws IllegalArgumentException naming sample, step, id and limit
   */
  public void require(float[] values, int first, int samples) {
    for (int i = 0; any && i < rows.length; i++) {
      int steps = (i + 1 < places.length ? places[i + 1] : sampleSize) - places[i];
      for (int sample = 0; rows[i] > 0 && sample < samples; sample++) {
        int from = (first + sample) * sampleSize + places[i];
        for (int step = 0; step < steps; step++) {
          requireId(values[from + step], i, sample, step);
        }
      }
    }
  }

  private void requireId(float value, int input, int sample, int step) {
    if (!(value >= 0 && value < rows[input] && value == (int) value)) {
      throw new IllegalArgumentException(
          "data: sample "
              + sample
              + (rows.length == 1 ? "" : ", input " + inputs.get(input).name())
              + ", step "
              + step
              + ": the id of a token must be a whole number from 0 to "
              + (rows[input] - 1)
              + (oneHot[input] ? ", OneHot's classes being " : ", the Embedding's input_dim being ")
              + rows[input]
              + ", found "
              + text(value));
    }
  }

  /** Refuses bytes where ids are needed. */
  public void requireNoBytes() {
    if (any) {
      throw new IllegalArgumentException(
          "predict: the model takes the ids of tokens, found bytes, which stand for pixels / 255;"
              + " give floats");
    }
  }

  private static String text(float value) {
    return value == (long) value ? Long.toString((long) value) : Float.toString(value);
  }
}
