package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * {@link Dropout} of whole features: what is dropped of a sample is dropped at all of its steps
 * (Tompson et al. 2015).
 *
 * @param rate the share of the features, in [0, 1)
 */
public record SpatialDropout1D(double rate) implements Layer {
  /**
   * Validates the rate.
   *
   * @throws IllegalArgumentException if it is outside [0, 1)
   */
  public SpatialDropout1D {
    Dropout.requireRate("SpatialDropout1D", rate);
  }

  @Override
  public String className() {
    return "SpatialDropout1D";
  }

  @Override
  public String kerasName() {
    return "spatial_dropout1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          "SpatialDropout1D: input must be [steps, features], found " + input);
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
