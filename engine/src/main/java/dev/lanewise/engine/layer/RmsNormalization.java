package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Brings each vector to a mean square of 1, then each feature to a size that is learnt (Zhang and
 * Sennrich 2019), Keras's {@code RMSNormalization} along the last axis: y = scale * x / sqrt(mean
 * of x^2 + epsilon).
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>scale</td><td>[features]</td><td>ones</td></tr>
 * </table>
 *
 * <p>A mask ends at it, as in Keras. For its backward pass it looks at its inputs.
 *
 * @param epsilon added to the mean square, above 0
 */
public record RmsNormalization(double epsilon) implements Rowwise {
  /** Keras's default. */
  public static final double DEFAULT_EPSILON = 1e-6;

  /**
   * Validates the number.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public RmsNormalization {
    if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "RmsNormalization: epsilon must be above 0, found " + epsilon);
    }
  }

  /** {@return a layer with Keras's default} */
  public static RmsNormalization withDefaults() {
    return new RmsNormalization(DEFAULT_EPSILON);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(ParameterRule.of(Initializer.ONES).array("scale", Shape.of(input.size(-1))));
  }

  @Override
  public String className() {
    return "RMSNormalization";
  }

  @Override
  public String kerasName() {
    return "rms_normalization";
  }
}
