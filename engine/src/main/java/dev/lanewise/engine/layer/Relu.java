package dev.lanewise.engine.layer;

import org.jspecify.annotations.Nullable;

/**
 * The rectifier with all that Keras's layer {@code ReLU} can be told: y = x above the threshold, at
 * most {@code maxValue}; up to it negativeSlope * (x - threshold).
 *
 * @param maxValue the largest result, 0 or more; absent if there is none
 * @param negativeSlope the slope up to the threshold, 0 or more
 * @param threshold up to where x counts as nothing, 0 or more
 */
@SuppressWarnings("exports") // of @Nullable
public record Relu(@Nullable Double maxValue, double negativeSlope, double threshold)
    implements Rowwise {
  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is below 0 or not finite
   */
  public Relu {
    if (!isSize(maxValue == null ? 0 : maxValue) || !isSize(negativeSlope) || !isSize(threshold)) {
      throw new IllegalArgumentException(
          "Relu: maxValue, negativeSlope and threshold must be 0 or more, found "
              + maxValue
              + ", "
              + negativeSlope
              + " and "
              + threshold);
    }
  }

  private static boolean isSize(double number) {
    return number >= 0 && number <= Float.MAX_VALUE;
  }

  @Override
  public String className() {
    return "ReLU";
  }

  @Override
  public String kerasName() {
    return "re_lu";
  }
}
