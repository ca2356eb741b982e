package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** A stack of layers with weights in Keras's order. */
public final class ReferenceModel {
  private final List<ReferenceLayer> layers = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();
  private final List<double[]> weights;
  private final Shape input;
  private boolean[][] used;

  /** Creates a model; the weights stay the caller's and may be changed between calls. */
  public ReferenceModel(Shape input, List<Layer> stack, List<double[]> weights) {
    this.input = input;
    this.weights = weights;
    Shape shape = input;
    int at = 0;
    for (Layer layer : stack) {
      int count = layer.parameters(shape).size();
      layers.add(ReferenceLayer.of(layer, weights.subList(at, at + count)));
      counts.add(count);
      at += count;
      shape = layer.outputShape(shape);
    }
  }

  /** Has what is drawn in training be drawn as for this seed and update. */
  public void train(long seed, long update) {
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).train(seed, update, i);
    }
  }

  /** Has nothing be drawn from the next pass forward on. */
  public void rest() {
    layers.forEach(ReferenceLayer::rest);
  }

  /** Gradients by the weights, in their order, and by the input. */
  public record Gradients(List<double[]> weights, double[] input) {}

  /** Returns the outputs of row-major samples, row-major. */
  public double[] forward(double[] x) {
    int positions = input.rank() == 1 ? 1 : input.size(0);
    int samples = Math.toIntExact(x.length / input.elementCount());
    Signal signal = Signal.of(x, positions, samples, input.size(-1));
    for (ReferenceLayer layer : layers) {
      signal = layer.forward(signal);
    }
    used = signal.used();
    return signal.toArray();
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
    int positions = output.rank() == 1 ? 1 : output.size(0);
    Signal signal = Signal.of(upstream, positions, samples, output.size(-1));
    List<double[]> gradients = weights.stream().map(w -> new double[w.length]).toList();
    int at = gradients.size();
    for (int i = layers.size() - 1; i >= 0; i--) {
      at -= counts.get(i);
      signal = layers.get(i).backward(signal, gradients.subList(at, at + counts.get(i)));
    }
    return new Gradients(gradients, signal.toArray());
  }
}
