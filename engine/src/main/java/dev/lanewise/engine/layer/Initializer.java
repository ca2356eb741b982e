package dev.lanewise.engine.layer;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/**
 * The rule that fills a parameter's start values. Distributions are Keras's; the numbers are not,
 * since Keras's own backends disagree on them.
 */
public enum Initializer {
  /** Every element 0. */
  ZEROS {
    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      return new float[count(shape)];
    }
  },

  /**
   * Zeros, but ones in the second of four parts: an LSTM's bias that lets it remember at first
   * (Jozefowicz et al. 2015).
   */
  UNIT_FORGET_BIAS {
    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      float[] values = new float[count(shape)];
      Arrays.fill(values, values.length / 4, values.length / 2, 1);
      return values;
    }
  },

  /**
   * Uniform in [-L, L], L = sqrt(6 / (rows + columns)) of the stored matrix (Glorot and Bengio
   * 2010, equation 16).
   */
  GLOROT_UNIFORM {
    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      double limit = StrictMath.sqrt(6.0 / ((double) shape.size(0) + shape.size(-1)));
      float[] values = new float[count(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (limit * (2 * random.nextDouble() - 1));
      }
      return values;
    }
  },

  /**
   * A random matrix with orthonormal columns (rows if it is wide): the Q of a normal matrix's QR
   * decomposition, each column multiplied by the sign of R's diagonal (Saxe et al. 2014).
   */
  ORTHOGONAL {
    @Override
    public float[] values(Shape shape, SplitMix64 random) {
      return OrthogonalMatrix.random(shape.size(0), shape.size(1), random);
    }
  };

  /**
   * Returns start values in row-major order.
   *
   * @param shape the parameter's shape
   * @param random the source of randomness, advanced by the call
   */
  public abstract float[] values(Shape shape, SplitMix64 random);

  private static int count(Shape shape) {
    return Math.toIntExact(shape.elementCount());
  }
}
