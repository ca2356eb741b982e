package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.kernel.scalar.ScalarKernels;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.reference.ReferenceFunction;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Activations and derivatives as kernels give them, against formulas in double over every 61st
 * float of a range, against Keras's values, and where numbers end.
 */
class ActivationErrorTest {
  private static final int STRIDE = 61; // prime, so that the last bits vary
  private static final int COLUMNS = 4096;

  private final Kernels kernels = new ScalarKernels();
  private final TensorArena arena = new TensorArena("test");
  private final Matrix y = arena.tensor("y", Shape.of(1, COLUMNS), COLUMNS).matrix();
  private final Matrix dy = arena.tensor("dy", Shape.of(1, COLUMNS), COLUMNS).matrix();
  private final float[] x = new float[COLUMNS];

  /** The largest error of a sweep and the argument where it is. */
  private record Worst(double error, float at) {}

  @AfterEach
  void close() {
    arena.close();
  }

  /**
   * Errors in ulp of the result, or of {@code floor} where that is larger: the two that cross a
   * corner by adding 1/2 are as good as the 1/2. The lower bound says that the test looks.
   */
  @ParameterizedTest
  @CsvSource({
    "LEAKY_RELU, -100, 100, 0, 1.2",
    "HARD_SIGMOID, -10, 10, 0.5, 1.6",
    "STEEP_HARD_SIGMOID, -10, 10, 0.5, 1.6",
    "HARD_SILU, -10, 10, 1, 4.5",
    "SOFTSIGN, -1e5, 1e5, 0, 1.6",
    "EXPONENTIAL, -86, 88.7, 0, 1.2",
    "ELU, -100, 100, 0, 1.2",
    "SELU, -100, 100, 0, 2.3",
    "SOFTPLUS, -86, 100, 0, 3",
    "SILU, -86, 100, 0, 4",
    "GELU, -12.7, 100, 0, 5",
    "TANH_SHRINK, -100, 100, 1, 3",
    "MISH, -86, 100, 0, 5",
    "LOG_SIGMOID, -100, 86, 0, 3",
    "SQUAREPLUS, -1e5, 1e5, 0, 3",
    "SPARSE_PLUS, -2, 100, 1, 3",
    "SPARSE_SIGMOID, -10, 10, 0.5, 1.6",
  })
  void valuesAreWithinAFewUlp(Elementwise f, float from, float to, double floor, double bound) {
    Worst worst = worst(f, from, to, floor, false);
    assertThat(worst.error).as("at %s", worst.at).isBetween(0.4, bound);
  }

  /** Errors in ulp of 1: derivatives are of this size, or cross 0. */
  @ParameterizedTest
  @EnumSource(
      value = Elementwise.class,
      names = {"LINEAR", "RELU", "TANH", "SIGMOID", "EXPONENTIAL", "TANH_SHRINK"},
      mode = EnumSource.Mode.EXCLUDE)
  void derivativesAreWithinTwoUlpOfOne(Elementwise f) {
    Worst worst = worst(f, -100, 100, 1, true);
    assertThat(worst.error).as("at %s", worst.at).isBetween(0.0, 2.0);
  }

  private Worst worst(Elementwise f, float from, float to, double floor, boolean derivative) {
    Worst worst = new Worst(0, 0);
    double floorUlp = Math.ulp((float) floor);
    for (float end : new float[] {from, to}) {
      int last = Float.floatToRawIntBits(Math.abs(end));
      int bits = Float.floatToRawIntBits(1e-6f);
      while (bits < last) {
        for (int i = 0; i < COLUMNS; i++, bits += STRIDE) {
          x[i] = Math.copySign(Math.min(Float.intBitsToFloat(bits), Math.abs(end)), end);
        }
        compute(f);
        for (int i = 0; i < COLUMNS; i++) {
          double exact = derivative ? derivative(f, x[i]) : value(f, x[i]);
          double unit = floor == 0 ? Math.ulp((float) exact) : floorUlp;
          float found = derivative ? dy.get(0, i) : y.get(0, i);
          double error = Math.abs(found - exact) / unit;
          worst = error > worst.error ? new Worst(error, x[i]) : worst;
        }
      }
    }
    return worst;
  }

  /** Leaves f(x) and 1 * f'(x). */
  private void compute(Elementwise f) {
    for (int i = 0; i < COLUMNS; i++) {
      y.set(0, i, x[i]);
      dy.set(0, i, 1);
    }
    if (f.derivativeNeedsSums()) {
      differentiate(f);
    }
    kernels.elements().apply(f, 1, COLUMNS, y.address(), COLUMNS);
    if (!f.derivativeNeedsSums()) {
      differentiate(f);
    }
  }

  private void differentiate(Elementwise f) {
    kernels.elements().applyDerivative(f, 1, COLUMNS, dy.address(), COLUMNS, y.address(), COLUMNS);
  }

  private static double value(Elementwise f, double x) {
    return ReferenceFunction.of(activation(f), x);
  }

  private static double derivative(Elementwise f, double x) {
    return ReferenceFunction.derivative(activation(f), x);
  }

  private static Activation activation(Elementwise f) {
    return f == Elementwise.STEEP_HARD_SIGMOID
        ? Activation.KERAS_2_HARD_SIGMOID
        : Activation.valueOf(f.name());
  }

  /** Its 69 values have the corners among them, 0, 3 and -3, and 40 and -40. */
  @ParameterizedTest
  @EnumSource(
      value = Elementwise.class,
      names = "STEEP_HARD_SIGMOID", // is not in Keras 3
      mode = EnumSource.Mode.EXCLUDE)
  void kerassValuesAndGradientsAreMet(Elementwise f) {
    String name = activation(f).name().toLowerCase(Locale.ROOT);
    double[] arguments = golden("x");
    double[] upstream = golden("upstream");
    double[] values = golden("y_" + name);
    double[] gradients = golden("grad_" + name);
    for (int i = 0; i < arguments.length; i++) {
      x[i] = (float) arguments[i];
    }
    compute(f);
    for (int i = 0; i < arguments.length; i++) {
      // The argument is rounded too, and e^x has e^x times its error.
      double unit = Math.max(1, Math.max(Math.abs(values[i]), Math.abs(arguments[i])));
      double scaled = f == Elementwise.EXPONENTIAL ? 40 * Math.max(1, values[i]) : unit;
      String at = f + " at " + arguments[i];
      assertThat(Math.abs(y.get(0, i) - values[i])).as(at).isLessThan(2e-7 * scaled);
      double slope = gradients[i] / upstream[i];
      assertThat(Math.abs(dy.get(0, i) - slope)).as(at + ", slope").isLessThan(4e-7 * scaled);
      assertThat(Math.abs(value(f, arguments[i]) - values[i])).as(at).isLessThan(2e-8 * unit);
      assertThat(Math.abs(derivative(f, arguments[i]) - slope)).as(at).isLessThan(2e-8 * unit);
    }
  }

  private static double[] golden(String member) {
    return Npy.readMember("activations", member).values();
  }

  @ParameterizedTest
  @EnumSource
  void notANumberPropagates(Elementwise f) {
    x[0] = Float.NaN;
    x[1] = Float.intBitsToFloat(0xffc00001); // the sign says nothing
    compute(f);
    assertThat(y.get(0, 0)).isNaN();
    assertThat(y.get(0, 1)).isNaN();
  }

  /** What is infinite times 0 is no number, in Keras too. */
  @ParameterizedTest
  @CsvSource({
    "LINEAR, -Infinity, Infinity",
    "RELU, 0, Infinity",
    "TANH, -1, 1",
    "SIGMOID, 0, 1",
    "RELU6, 0, 6",
    "LEAKY_RELU, -Infinity, Infinity",
    "HARD_SIGMOID, 0, 1",
    "STEEP_HARD_SIGMOID, 0, 1",
    "SOFTSIGN, NaN, NaN",
    "EXPONENTIAL, 0, Infinity",
    "ELU, -1, Infinity",
    "SELU, -1.7580993, Infinity",
    "SOFTPLUS, 0, Infinity",
    "SILU, NaN, Infinity",
    "GELU, NaN, Infinity",
    "HARD_SILU, NaN, Infinity",
    "HARD_TANH, -1, 1",
    "HARD_SHRINK, -Infinity, Infinity",
    "SOFT_SHRINK, -Infinity, Infinity",
    "TANH_SHRINK, -Infinity, Infinity",
    "MISH, NaN, Infinity",
    "LOG_SIGMOID, -Infinity, 0",
    "SQUAREPLUS, 0, Infinity",
    "SPARSE_PLUS, 0, Infinity",
    "SPARSE_SIGMOID, 0, 1",
  })
  void limitsAreReached(Elementwise f, float below, float above) {
    x[0] = Float.NEGATIVE_INFINITY;
    x[1] = Float.POSITIVE_INFINITY;
    compute(f);
    assertThat(Float.compare(y.get(0, 0), below)).as("below: %s", y.get(0, 0)).isZero();
    assertThat(Float.compare(y.get(0, 1), above)).as("above: %s", y.get(0, 1)).isZero();
  }

  /** However large: nothing that was clamped comes back multiplied. */
  @ParameterizedTest
  @CsvSource({"SILU", "GELU", "HARD_SILU", "SOFTPLUS", "ELU", "SELU", "MISH", "SPARSE_PLUS"})
  void farAwayTheyAreStraight(Elementwise f) {
    x[0] = -Float.MAX_VALUE;
    x[1] = Float.MAX_VALUE / 2;
    compute(f);
    assertThat(y.get(0, 0)).isEqualTo((float) value(f, x[0]));
    assertThat(dy.get(0, 0)).isZero();
    assertThat((double) y.get(0, 1)).isEqualTo((float) value(f, x[1]));
    assertThat(dy.get(0, 1)).isEqualTo((float) derivative(f, x[1]));
  }
}
