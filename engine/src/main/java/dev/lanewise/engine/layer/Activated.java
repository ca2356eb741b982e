package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Objects;

/**
 * An activation that an operation applies: what {@link ActivationLayer} does, without a mask.
 *
 * @param activation the function
 */
public record Activated(Activation activation) implements Operation {
  /** Refuses null. */
  public Activated {
    Objects.requireNonNull(activation, "Activated: activation");
  }

  @Override
  public Activation outputActivation() {
    return activation;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  /** Keras calls the exponential otherwise where it is no activation. */
  @Override
  public String kerasName() {
    return activation == Activation.EXPONENTIAL ? "exp" : activation.kerasName();
  }

  @Override
  public String className() {
    return KerasNames.className(kerasName());
  }
}
