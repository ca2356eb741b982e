package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Layers with weights in Keras's order, each of which reads what a graph says. */
public final class ReferenceModel {
  private final Graph graph;
  private final List<ReferenceLayer> nodes = new ArrayList<>();
  private final int[] firstWeights;
  private final List<double[]> weights;
  private boolean[][] used;
  private double penalty;

  /** Creates a stack of layers. */
  public ReferenceModel(Shape input, List<Layer> stack, List<double[]> weights) {
    this(Graph.chain(input, stack), weights);
  }

  /** Creates a model; the weights stay the caller's and may be changed between calls. */
  public ReferenceModel(Graph graph, List<double[]> weights) {
    this.graph = graph;
    this.weights = weights;
    firstWeights = new int[graph.layers().size() + 1];
    for (int i = 0; i < graph.layers().size(); i++) {
      int count = graph.parameters(i).size();
      firstWeights[i + 1] = firstWeights[i] + count;
    }
    for (Graph.Node node : graph.nodes()) {
      int layer = node.layer();
      List<Shape> inputs = node.reads().stream().map(graph.shapes()::get).toList();
      nodes.add(
          graph.layers().get(layer) instanceof Dot dot
              ? new ReferenceDot(dot, inputs)
              : ReferenceLayer.of(
                  graph.layers().get(layer), ofLayer(weights, layer), inputs.getFirst()));
    }
  }

  private List<double[]> ofLayer(List<double[]> all, int layer) {
    return all.subList(firstWeights[layer], firstWeights[layer + 1]);
  }

  /** Has what is drawn in training be drawn as for this seed and update. */
  public void train(long seed, long update) {
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).train(seed, update, graph.nodes().get(i).layer());
    }
  }

  /** Has nothing be drawn from the next pass forward on. */
  public void rest() {
    nodes.forEach(ReferenceLayer::rest);
  }

  /** Gradients by the weights, in their order, and by the inputs. */
  public record Gradients(List<double[]> weights, double[] input) {}

  /** Returns the outputs of row-major samples, those of a sample one after the other. */
  public double[] forward(double[] x) {
    List<Shape> inputs = graph.inputs().stream().map(Graph.Input::shape).toList();
    List<Signal> values = new ArrayList<>(Signal.split(x, inputs));
    for (int n = 0; n < nodes.size(); n++) {
      values.addAll(forward(n, values));
    }
    used = values.get(graph.outputs().getFirst()).used();
    penalty = penalty(values);
    return Signal.toArray(graph.outputs().stream().map(values::get).toList());
  }

  /** Returns what layers add to the loss of the samples of the last {@link #forward}. */
  public double penalty() {
    return penalty;
  }

  private double penalty(List<Signal> values) {
    double sum = 0;
    for (int n = 0; n < nodes.size(); n++) {
      Layer layer = graph.layers().get(graph.nodes().get(n).layer());
      Layer own = layer instanceof TimeDistributed each ? each.layer() : layer;
      if (own instanceof ActivityRegularization rule) {
        Signal given = values.get(graph.firstValue(n));
        for (double[][] position : given.at()) {
          for (double[] row : position) {
            for (double x : row) {
              double cost = rule.regularizer().l1() * Math.abs(x) + rule.regularizer().l2() * x * x;
              sum += cost / position.length;
            }
          }
        }
      }
    }
    return sum;
  }

  private List<Signal> forward(int n, List<Signal> values) {
    Graph.Node node = graph.nodes().get(n);
    List<Signal> read = new ArrayList<>(node.reads().stream().map(values::get).toList());
    boolean[][] own = read.getFirst().used();
    for (int i = 0; i < read.size(); i++) {
      if (graph.lostMasks().at(n, i)) {
        read.set(i, read.get(i).masked(null));
      }
    }
    for (int i = 0; i < node.masks().size(); i++) {
      int mask = node.masks().get(i);
      read.set(i, read.get(i).masked(mask < 0 ? null : values.get(mask).used()));
    }
    Layer layer = graph.layers().get(node.layer()).unfrozen();
    boolean begun =
        node.reads().size() > 1 && (layer instanceof Recurrent || layer instanceof Bidirectional);
    if (!begun || !node.masks().isEmpty()) {
      List<Signal> given = new ArrayList<>(nodes.get(n).forward(read));
      if (graph.lostMasks().at(n, 0)) { // and still goes on
        given.set(0, given.getFirst().masked(own));
      }
      return given;
    }
    boolean[][] mask = read.getFirst().used(); // is not looked at, and still goes on
    read.set(0, read.getFirst().masked(null));
    List<Signal> given = new ArrayList<>(nodes.get(n).forward(read));
    if (MaskFlow.passesOn(layer)) {
      given.set(0, given.getFirst().masked(mask));
    }
    return given;
  }

  /** Returns the outputs' mask of the last {@link #forward}, by sample and position, or null. */
  public boolean[] mask() {
    if (used == null) {
      return null;
    }
    int samples = used[0].length;
    boolean[] mask = new boolean[used.length * samples];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = used[i % used.length][i / used.length];
    }
    return mask;
  }

  /** Returns the gradients of sum(y * upstream) for the samples of the last {@link #forward}. */
  public Gradients backward(double[] upstream, Shape output, int samples) {
    return backward(upstream, samples);
  }

  /** Returns the gradients of sum(y * upstream) for the samples of the last {@link #forward}. */
  public Gradients backward(double[] upstream, int samples) {
    List<Signal> gradients = new ArrayList<>();
    for (Shape shape : graph.shapes()) {
      gradients.add(Signal.zeros(shape.positions(), samples, shape.size(-1)));
    }
    List<Shape> outputs = graph.outputs().stream().map(graph.shapes()::get).toList();
    List<Signal> above = Signal.split(upstream, outputs);
    for (int i = 0; i < above.size(); i++) {
      gradients.get(graph.outputs().get(i)).add(above.get(i));
    }
    List<double[]> ofWeights = weights.stream().map(w -> new double[w.length]).toList();
    for (int n = nodes.size() - 1; n >= 0; n--) {
      Graph.Node node = graph.nodes().get(n);
      List<Signal> given = gradients.subList(graph.firstValue(n), graph.firstValue(n + 1));
      List<Signal> below = nodes.get(n).backward(given, ofLayer(ofWeights, node.layer()));
      for (int i = 0; i < below.size(); i++) {
        gradients.get(node.reads().get(i)).add(below.get(i));
      }
    }
    return new Gradients(ofWeights, Signal.toArray(gradients.subList(0, graph.inputs().size())));
  }
}
