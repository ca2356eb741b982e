package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a backend needs to know of a model.
 *
 * @param input the shape of one sample: [features] or [steps, features]
 * @param layers the stack, first to last
 * @param loss what training minimises
 * @param optimizer how gradients change parameters
 */
public record ModelSpec(Shape input, List<Layer> layers, Loss loss, Optimizer optimizer) {
  /**
   * Validates the stack.
   *
   * @throws IllegalArgumentException if there are no layers or one cannot take its input
   */
  public ModelSpec {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("model: at least one layer is needed");
    }
    if (input.rank() < 1 || input.rank() > 2) {
      throw new IllegalArgumentException(
          "model: input must be [features] or [steps, features], found " + input);
    }
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.outputShape(shape);
    }
  }

  /** Returns the shape of layer {@code index}'s input. */
  public Shape inputOf(int index) {
    Shape shape = input;
    for (Layer layer : layers.subList(0, index)) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  /** Returns the shape of one sample's output. */
  public Shape output() {
    return inputOf(layers.size());
  }

  /** Returns every parameter, layer by layer, in Keras's order. */
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      all.addAll(layers.get(i).parameters(inputOf(i)));
    }
    return List.copyOf(all);
  }

  /** Returns how the loss is computed from the last layer's outputs. */
  public LossForm lossForm() {
    return LossForm.of(loss, layers.getLast().outputActivation());
  }

  /** Returns the number of parameter elements. */
  public long parameterCount() {
    return parameters().stream().mapToLong(p -> p.shape().elementCount()).sum();
  }
}
