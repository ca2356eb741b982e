package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Sets a share of the inputs to zero in training and multiplies the others by 1 / (1 - rate)
 * (Srivastava et al. 2014), each element of each sample by itself; gives them on as they are
 * otherwise. What is dropped is a function of the run's seed, the layer, the update and the
 * sample's place in the batch.
 *
 * <p>Where the draws of several elements are one, they are dropped together, which Keras's {@code
 * noise_shape} says with sizes of 1: one draw for all positions drops features of a sample (see
 * {@link SpatialDropout}), one for all features drops its steps, and both drop it whole, as
 * stochastic depth does (Huang et al. 2016).
 *
 * @param rate the share, in [0, 1)
 * @param sameAtAllPositions whether the draws of one step, or place of a picture, are those of all
 * @param sameForAllFeatures whether the draw of one feature is that of all
 */
public record Dropout(double rate, boolean sameAtAllPositions, boolean sameForAllFeatures)
    implements Layer {
  /**
   * Validates the rate.
   *
   * @throws IllegalArgumentException if it is outside [0, 1)
   */
  public Dropout {
    requireRate("Dropout", rate);
  }

  /**
   * {@return a layer that drops this share, each element by its own draw}
   *
   * @param rate the share, in [0, 1)
   */
  public static Dropout of(double rate) {
    return new Dropout(rate, false, false);
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
