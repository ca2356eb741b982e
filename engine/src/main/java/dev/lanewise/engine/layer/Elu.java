package dev.lanewise.engine.layer;

/**
 * The exponential linear unit with a depth of its own (Clevert et al. 2016), Keras's layer {@code
 * ELU}: y = x where x is above 0, else alpha (e^x - 1). With a depth of 1 it is what an {@link
 * ActivationLayer} does.
 *
 * @param alpha what y falls to, without its sign: 0 or more
 */
public record Elu(double alpha) implements Rowwise {
  /**
   * Validates the depth.
   *
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public Elu {
    if (!(alpha >= 0 && alpha <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Elu: alpha must be 0 or more, and a float32, found " + alpha);
    }
  }

  @Override
  public String className() {
    return "ELU";
  }

  @Override
  public String kerasName() {
    return "elu";
  }
}
