package dev.lanewise.engine.layer;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * The rule that fills a parameter's start values. Names, defaults and distributions are Keras's;
 * the numbers are not, since Keras's own backends disagree on them.
 */
public sealed interface Initializer {
  /** Every element 0. */
  Initializer ZEROS = new Constant(0);

  /** Every element 1. */
  Initializer ONES = new Constant(1);

  /** Uniform in [-L, L], L = sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010, equation 16). */
  Initializer GLOROT_UNIFORM = new VarianceScaling(1, FanMode.FAN_AVG, Distribution.UNIFORM);

  /** Truncated normal, variance 2 / (fan in + fan out) (Glorot and Bengio 2010, equation 12). */
  Initializer GLOROT_NORMAL =
      new VarianceScaling(1, FanMode.FAN_AVG, Distribution.TRUNCATED_NORMAL);

  /** Uniform, variance 2 / fan in (He et al. 2015). */
  Initializer HE_UNIFORM = new VarianceScaling(2, FanMode.FAN_IN, Distribution.UNIFORM);

  /** Truncated normal, variance 2 / fan in (He et al. 2015). */
  Initializer HE_NORMAL = new VarianceScaling(2, FanMode.FAN_IN, Distribution.TRUNCATED_NORMAL);

  /** Uniform, variance 1 / fan in (LeCun et al. 1998). */
  Initializer LECUN_UNIFORM = new VarianceScaling(1, FanMode.FAN_IN, Distribution.UNIFORM);

  /** Truncated normal, variance 1 / fan in (LeCun et al. 1998). */
  Initializer LECUN_NORMAL = new VarianceScaling(1, FanMode.FAN_IN, Distribution.TRUNCATED_NORMAL);

  /** An {@link Orthogonal} matrix of gain 1. */
  Initializer ORTHOGONAL = new Orthogonal(1);

  /** An {@link Identity} of gain 1. */
  Initializer IDENTITY = new Identity(1);

  /** A {@link RandomNormal} of mean 0 and standard deviation 0.05, Keras's default. */
  Initializer RANDOM_NORMAL = new RandomNormal(0, 0.05);

  /** A {@link TruncatedNormal} of mean 0 and standard deviation 0.05, Keras's default. */
  Initializer TRUNCATED_NORMAL = new TruncatedNormal(0, 0.05);

  /** {@link RandomUniform} in [-0.05, 0.05], Keras's default. */
  Initializer RANDOM_UNIFORM = new RandomUniform(-0.05, 0.05);

  /**
   * {@return start values in row-major order}
   *
   * @param shape the parameter's shape
   * @param random the source of randomness, advanced by the call
   * @throws IllegalArgumentException if the rule is one for matrices, and the shape none
   */
  float[] values(Shape shape, SplitMix64 random);

  /** Which sizes of the stored matrix the variance is divided by. */
  enum FanMode {
    /** The rows. */
    FAN_IN,
    /** The columns. */
    FAN_OUT,
    /** The mean of both. */
    FAN_AVG
  }

  /** What the values of a {@link VarianceScaling} are drawn from. */
  enum Distribution {
    /** The normal distribution, drawn again beyond two standard deviations. */
    TRUNCATED_NORMAL,
    /** The normal distribution. */
    UNTRUNCATED_NORMAL,
    /** The uniform distribution. */
    UNIFORM
  }

  /**
   * Every element the same.
   *
   * @param value that value
   */
  record Constant(double value) implements Initializer {
    /** Validates the value. */
    public Constant {
      requireFinite("value", value);
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      return filled(shape, () -> value);
    }
  }

  /**
   * Values that are known, such as vectors of words that were learned elsewhere. A file has them
   * among its weights and names another rule.
   *
   * @param array all of them, row-major; it is shared, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // the same array is the same rule
  record Values(float[] array) implements Initializer {
    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      if (array.length != shape.elementCount()) {
        throw new IllegalArgumentException(
            "initializer: "
                + array.length
                + " values are given, and "
                + shape
                + " has "
                + shape.elementCount());
      }
      return array.clone();
    }
  }

  /**
   * The bias of an LSTM that lets it remember at first (Jozefowicz et al. 2015): ones in the second
   * of its four parts, the others by another rule.
   *
   * @param others the rule of the other three parts
   */
  record UnitForgetBias(Initializer others) implements Initializer {
    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      float[] values = others.values(shape, random);
      Arrays.fill(values, values.length / 4, values.length / 2, 1);
      return values;
    }
  }

  /**
   * The normal distribution.
   *
   * @param mean the middle of the distribution
   * @param standardDeviation its width, above 0
   */
  record RandomNormal(double mean, double standardDeviation) implements Initializer {
    /** Validates the numbers. */
    public RandomNormal {
      requireFinite("mean", mean);
      requirePositive("standard deviation", standardDeviation);
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      return filled(shape, () -> mean + standardDeviation * random.nextGaussian());
    }
  }

  /**
   * The normal distribution, drawn again beyond two standard deviations from its mean.
   *
   * @param mean the middle of the distribution
   * @param standardDeviation its width, above 0
   */
  record TruncatedNormal(double mean, double standardDeviation) implements Initializer {
    private static final double LIMIT = 2;

    /** Validates the numbers. */
    public TruncatedNormal {
      requireFinite("mean", mean);
      requirePositive("standard deviation", standardDeviation);
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      return filled(shape, () -> mean + standardDeviation * draw(random));
    }

    private static double draw(SplitMix64 random) {
      double draw = random.nextGaussian();
      while (Math.abs(draw) > LIMIT) {
        draw = random.nextGaussian();
      }
      return draw;
    }
  }

  /**
   * The uniform distribution.
   *
   * @param minimum the least value
   * @param maximum the greatest value, at least the least
   */
  record RandomUniform(double minimum, double maximum) implements Initializer {
    /** Validates the numbers. */
    public RandomUniform {
      requireFinite("minimum", minimum);
      requireFinite("maximum", maximum);
      if (minimum > maximum) {
        throw new IllegalArgumentException(
            "initializer: minimum " + minimum + " is above maximum " + maximum);
      }
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      return filled(shape, () -> minimum + (maximum - minimum) * random.nextDouble());
    }
  }

  /**
   * Mean 0, and a variance of {@code scale} / fan (at least 1), the fan being sizes of the matrix,
   * of a convolution's kernel times its steps.
   *
   * @param scale the variance, times the fan; above 0
   * @param mode which fan: what goes in, what comes out, or their mean
   * @param distribution what is drawn from
   */
  record VarianceScaling(double scale, FanMode mode, Distribution distribution)
      implements Initializer {
    /** The standard deviation of a standard normal distribution truncated at 2. */
    private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

    /** Validates the scale. */
    public VarianceScaling {
      requirePositive("scale", scale);
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      double fan = Math.max(1, fan(shape));
      double deviation = StrictMath.sqrt(scale / fan);
      return switch (distribution) {
        case TRUNCATED_NORMAL ->
            new TruncatedNormal(0, deviation / TRUNCATED_DEVIATION).values(shape, random);
        case UNTRUNCATED_NORMAL -> new RandomNormal(0, deviation).values(shape, random);
        case UNIFORM -> {
          double limit = StrictMath.sqrt(3 * scale / fan);
          yield filled(shape, () -> limit * (2 * random.nextDouble() - 1));
        }
      };
    }

    private double fan(Shape shape) {
      double in = shape.rank() > 1 ? shape.size(-2) : shape.size(0);
      double out = shape.size(-1);
      double each =
          shape.elementCount() / (shape.rank() > 1 ? in * out : in); // of a window's steps
      return switch (mode) {
        case FAN_IN -> in * each;
        case FAN_OUT -> out * each;
        case FAN_AVG -> (in + out) * each / 2;
      };
    }
  }

  /**
   * A random matrix with orthonormal columns (rows if it is wide): the Q of a normal matrix's QR
   * decomposition, each column multiplied by the sign of R's diagonal (Saxe et al. 2014), times
   * {@code gain}.
   *
   * @param gain what every element is multiplied by
   */
  record Orthogonal(double gain) implements Initializer {
    /** Validates the gain. */
    public Orthogonal {
      requireFinite("gain", gain);
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      if (shape.rank() < 2) {
        throw new IllegalArgumentException(
            "initializer: orthogonal fills matrices, found shape " + shape);
      }
      int columns = shape.size(-1); // a convolution's kernel is a matrix of its steps' rows
      int rows = Math.toIntExact(shape.elementCount() / columns);
      return OrthogonalMatrix.random(rows, columns, gain, random);
    }
  }

  /**
   * {@code gain} where row and column are the same, else 0.
   *
   * @param gain what every element is multiplied by
   */
  record Identity(double gain) implements Initializer {
    /** Validates the gain. */
    public Identity {
      requireFinite("gain", gain);
    }

    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      requireMatrix("identity", shape);
      float[] values = filled(shape, () -> 0);
      for (int i = 0; i < Math.min(shape.size(0), shape.size(1)); i++) {
        values[i * shape.size(1) + i] = (float) gain;
      }
      return values;
    }
  }

  private static float[] filled(Shape shape, DoubleSupplier next) {
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) next.getAsDouble();
    }
    return values;
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "initializer: " + what + " must be finite, found " + value);
    }
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "initializer: " + what + " must be positive and finite, found " + value);
    }
  }

  private static void requireMatrix(String rule, Shape shape) {
    if (shape.rank() != 2) {
      throw new IllegalArgumentException(
          "initializer: " + rule + " fills matrices, found shape " + shape);
    }
  }
}
