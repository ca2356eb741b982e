package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * Disturbs each element in training, and gives it on as it is otherwise: Keras's {@code
 * GaussianNoise}, {@code GaussianDropout} and {@code AlphaDropout}. What is drawn is, as of {@link
 * Dropout}, a function of the run's seed, the layer, the update and the sample's place in the
 * batch.
 *
 * @param kind how
 * @param strength the standard deviation of a {@code GAUSSIAN_NOISE}, 0 or more; of others the
 *     rate, in [0, 1)
 */
public record Noise(Kind kind, double strength) implements Rowwise {
  /** How elements are disturbed. */
  public enum Kind {
    /** A normal number of mean 0 is added. */
    GAUSSIAN_NOISE("GaussianNoise"),
    /** They are multiplied by one of mean 1 and variance rate / (1 - rate). */
    GAUSSIAN_DROPOUT("GaussianDropout"),
    /**
     * A share becomes what selu makes of -infinity, and mean and variance are kept (Klambauer et
     * al. 2017).
     */
    ALPHA_DROPOUT("AlphaDropout");

    private final String className;

    Kind(String className) {
      this.className = className;
    }

    /** {@return Keras's class name} */
    public String className() {
      return className;
    }
  }

  /**
   * Validates the strength.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public Noise {
    Objects.requireNonNull(kind, "Noise: kind");
    if (kind != Kind.GAUSSIAN_NOISE) {
      Dropout.requireRate(kind.className, strength);
    } else if (!(strength >= 0 && strength <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "GaussianNoise: stddev must be 0 or more, found " + strength);
    }
  }

  @Override
  public String className() {
    return kind.className;
  }

  @Override
  public String kerasName() {
    return switch (kind) {
      case GAUSSIAN_NOISE -> "gaussian_noise";
      case GAUSSIAN_DROPOUT -> "gaussian_dropout";
      case ALPHA_DROPOUT -> "alpha_dropout";
    };
  }
}
