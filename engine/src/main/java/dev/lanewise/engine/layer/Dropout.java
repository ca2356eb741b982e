package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Sets a share of the inputs to zero in training and multiplies the others by 1 / (1 - rate)
 * (Srivastava et al. 2014), each element of each sample by itself; gives them on as they are
 * otherwise. What is dropped is a function of the run's seed, the layer, the update and the
 * sample's place in the batch.
 *
 * @param rate the share, in [0, 1)
 */
public record Dropout(double rate) implements Layer {
  /**
   * Validates the rate.
   *
   * @throws IllegalArgumentException if it is outside [0, 1)
   */
  public Dropout {
    requireRate("Dropout", rate);
  }

  /** {@return a layer that drops this share} */
  public static Dropout of(double rate) {
    return new Dropout(rate);
  }

  static void requireRate(String layer, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          layer + ": rate must be at least 0 and below 1, found " + rate);
    }
  }

  @Override
  public String className() {
    return "Dropout";
  }

  @Override
  public String kerasName() {
    return "dropout";
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
