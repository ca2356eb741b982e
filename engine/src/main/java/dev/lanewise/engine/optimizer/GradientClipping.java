package dev.lanewise.engine.optimizer;

/**
 * A limit that gradients are brought under before the update (Pascanu, Mikolov and Bengio 2013,
 * algorithm 1), by Keras's rules. {@code VALUE} puts each element into [-limit, limit]. With a norm
 * of {@code n} above the limit, elements are multiplied by limit / n; below it, nothing changes a
 * bit. A norm is the root of the sum of squares.
 *
 * @param kind what is limited
 * @param limit the limit, positive; 0 with {@code NONE}
 */
public record GradientClipping(Kind kind, double limit) {
  /** What is limited. */
  public enum Kind {
    /** Nothing. */
    NONE,
    /** The norm of each parameter by itself: Keras's {@code clipnorm}. */
    NORM,
    /** The norm of all parameters together: Keras's {@code global_clipnorm}. */
    GLOBAL_NORM,
    /** The magnitude of each element: Keras's {@code clipvalue}. */
    VALUE
  }

  private static final GradientClipping NOTHING = new GradientClipping(Kind.NONE, 0);

  /**
   * Validates the limit.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public GradientClipping {
    if (kind != Kind.NONE) {
      Ranges.positive("GradientClipping: limit", limit);
    } else if (limit != 0) {
      throw new IllegalArgumentException("GradientClipping: NONE has no limit, found " + limit);
    }
  }

  /** {@return no limit} */
  public static GradientClipping none() {
    return NOTHING;
  }

  /**
   * {@return a limit of each parameter's norm}
   *
   * @param limit the most that is left as it is, above 0
   */
  public static GradientClipping norm(double limit) {
    return new GradientClipping(Kind.NORM, limit);
  }

  /**
   * {@return a limit of the norm of all parameters together}
   *
   * @param limit the most that is left as it is, above 0
   */
  public static GradientClipping globalNorm(double limit) {
    return new GradientClipping(Kind.GLOBAL_NORM, limit);
  }

  /**
   * {@return a limit of each element}
   *
   * @param limit the most that is left as it is, above 0
   */
  public static GradientClipping value(double limit) {
    return new GradientClipping(Kind.VALUE, limit);
  }
}
