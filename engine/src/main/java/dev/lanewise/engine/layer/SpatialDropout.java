package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * {@link Dropout} of whole features: what is dropped of a sample is dropped at all of its positions
 * (Tompson et al. 2015). Keras's {@code SpatialDropout1D}, {@code SpatialDropout2D} and {@code
 * SpatialDropout3D}.
 *
 * @param rate the share of the features, in [0, 1)
 * @param axes how many axes there are before the features, 1 to 3: of sequences, of pictures, of
 *     sequences of pictures
 */
public record SpatialDropout(double rate, int axes) implements Layer {
  private static final int MOST_AXES = 3;

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public SpatialDropout {
    Dropout.requireRate("SpatialDropout", rate);
    if (axes < 1 || axes > MOST_AXES) {
      throw new IllegalArgumentException("SpatialDropout: axes must be 1, 2 or 3, found " + axes);
    }
  }

  @Override
  public String className() {
    return "SpatialDropout" + axes + "D";
  }

  @Override
  public String kerasName() {
    return "spatial_dropout" + axes + "d";
  }

  @Override
  public Shape outputShape(Shape input) {
    Window.requireAxes(className(), axes, input);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
