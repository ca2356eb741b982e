package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * An activation by itself, Keras's {@code Activation}: y = activation(x), at each position.
 *
 * @param activation the function
 */
public record ActivationLayer(Activation activation) implements Layer {
  /** Refuses null. */
  public ActivationLayer {
    Objects.requireNonNull(activation, "ActivationLayer: activation");
  }

  @Override
  public Activation outputActivation() {
    return activation;
  }

  @Override
  public String className() {
    return "Activation";
  }

  @Override
  public String kerasName() {
    return "activation";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
