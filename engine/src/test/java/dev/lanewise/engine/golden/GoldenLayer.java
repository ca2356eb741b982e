package dev.lanewise.engine.golden;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The small layers and stacks whose values and gradients Keras computed in float64. */
public enum GoldenLayer {
  LAYER_SIMPLE_RNN(Shape.of(6, 3), SimpleRnn.of(7)),
  LAYER_SIMPLE_RNN_SEQUENCES(Shape.of(6, 3), SimpleRnn.of(7).returningSequences()),
  LAYER_DENSE_RELU(Shape.of(9), Dense.of(4, Activation.RELU)),
  LAYER_DENSE_SOFTMAX(Shape.of(9), Dense.of(4, Activation.SOFTMAX)),
  LAYER_STACKED(Shape.of(5, 3), SimpleRnn.of(6).returningSequences(), SimpleRnn.of(4), Dense.of(3));

  private final Shape input;
  private final List<Layer> stack;

  GoldenLayer(Shape input, Layer... stack) {
    this.input = input;
    this.stack = List.of(stack);
  }

  public Shape input() {
    return input;
  }

  public List<Layer> stack() {
    return stack;
  }

  /** Returns the shape of one sample's output. */
  public Shape output() {
    Shape shape = input;
    for (Layer layer : stack) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  public Npy array(String name) {
    return Npy.read(name().toLowerCase(Locale.ROOT) + "/" + name);
  }

  /** Returns prefix0, prefix1, ..., one a weight. */
  public List<Npy> arrays(String prefix) {
    Shape shape = input;
    int count = 0;
    for (Layer layer : stack) {
      count += layer.parameters(shape).size();
      shape = layer.outputShape(shape);
    }
    return IntStream.range(0, count).mapToObj(i -> array(prefix + i)).toList();
  }
}
