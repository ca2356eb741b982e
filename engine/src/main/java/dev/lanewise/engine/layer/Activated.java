package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Locale;
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
    StringBuilder name = new StringBuilder();
    for (String part : kerasName().split("_", -1)) {
      name.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
    }
    return name.toString();
  }
}
