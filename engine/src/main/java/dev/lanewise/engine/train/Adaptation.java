package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The means and variances of data, for the {@link Normalization}s that read them. */
final class Adaptation {
  private static final float WHITE = 255;

  private final Dataset data;
  private final Normalization layer;
  private final Shape input;
  private final int first;
  private final int whole;

  /** Looks at one input of the samples. */
  private Adaptation(Dataset data, Normalization layer, Graph graph, int index) {
    this.data = data;
    this.layer = layer;
    List<Graph.Input> inputs = graph.inputs();
    input = inputs.get(index).shape();
    first = size(inputs.subList(0, index));
    whole = size(inputs);
  }

  private static int size(List<Graph.Input> inputs) {
    return inputs.stream().mapToInt(each -> (int) each.shape().elementCount()).sum();
  }

  /** Returns the parameters with those of the data in place of what layers have. */
  static Parameters of(ModelSpec model, Dataset data, Parameters before) {
    DataFit.requireInputs(model, data);
    Graph graph = model.graph();
    List<float[]> values = new ArrayList<>(before.values());
    boolean any = false;
    int at = 0;
    for (int l = 0; l < graph.layers().size(); l++) {
      Layer layer = graph.layers().get(l);
      int read = graph.nodes().get(graph.firstCall(l)).reads().getFirst();
      if (layer.unfrozen() instanceof Normalization normalization
          && normalization.isAdapted()
          && read < graph.inputs().size()) {
        Adaptation found = new Adaptation(data, normalization, graph, read);
        double[] mean = found.means(values.get(at).length, new double[0]);
        values.set(at, floats(mean));
        values.set(at + 1, floats(found.means(mean.length, mean)));
        any = true;
      }
      at += graph.parameters(l).size();
    }
    if (!any) {
      throw new IllegalArgumentException(
          "adapt: no Normalization whose mean and variance are weights reads an input of the"
              + " model");
    }
    return before.withValues(values);
  }

  /** Returns the means, or with these the means of the squares of what differs from them. */
  private double[] means(int count, double[] from) {
    double[] sums = new double[count];
    int features = input.size(-1);
    int each = (int) input.elementCount();
    for (int n = 0; n < data.size(); n++) {
      int begin = (data.firstSample() + n) * whole + first;
      for (int i = 0; i < each; i++) {
        int place = layer.place(input, count, i / features, i % features);
        double value = value(begin + i);
        double off = from.length == 0 ? 0 : value - from[place];
        sums[place] += from.length == 0 ? value : off * off;
      }
    }
    double of = (double) data.size() * each / count;
    return IntStream.range(0, count).mapToDouble(i -> sums[i] / of).toArray();
  }

  private float value(int at) {
    return data.hasBytes() ? (data.byteFeatures()[at] & 0xFF) / WHITE : data.floatFeatures()[at];
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
