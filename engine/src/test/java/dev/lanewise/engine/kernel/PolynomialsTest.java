package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Errors against StrictMath in double, over every 61st float of a range. */
class PolynomialsTest {
  private static final int STRIDE = 61; // prime, so that the last bits vary

  private interface FloatFunction {
    float apply(float x);
  }

  @Test
  void expIsWithinOneAndAFifthUlp() {
    double up = maxUlp(0f, 88f, Polynomials::exp, StrictMath::exp);
    double down = maxUlp(-0f, -87.3f, Polynomials::exp, StrictMath::exp);
    assertThat(Math.max(up, down)).isBetween(0.5, 1.2);
  }

  @Test
  void tanhIsWithinThreeUlp() {
    assertThat(maxUlp(0f, 20f, Polynomials::tanh, StrictMath::tanh)).isBetween(0.5, 3.0);
  }

  @Test
  void tanhIsOdd() {
    for (float x = 0; x < 12; x += 0.001f) {
      assertThat(Polynomials.tanh(-x)).isEqualTo(-Polynomials.tanh(x));
    }
    assertThat(Float.floatToRawIntBits(Polynomials.tanh(-0f))).isEqualTo(Polynomials.SIGN_BIT);
  }

  @Test
  void sigmoidIsWithinTwoRoundingsOfOne() {
    // Near 0 the result is a difference of halves, so the error is bounded absolutely: that of
    // tanh, halved, and one rounding.
    double worst = 0;
    for (float x = -30; x < 30; x += 0.0001f) {
      double exact = 1 / (1 + StrictMath.exp(-x));
      worst = Math.max(worst, Math.abs(Polynomials.sigmoid(x) - exact));
    }
    assertThat(worst).isBetween(0x1p-25, 0x1p-23);
  }

  @Test
  void limitsAreReached() {
    assertThat(Polynomials.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Polynomials.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(Polynomials.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Polynomials.sigmoid(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Polynomials.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(Polynomials.exp(0f)).isEqualTo(1f);
    assertThat(Polynomials.exp(Polynomials.EXP_LOWEST)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
  }

  @Test
  void notANumberPropagates() {
    assertThat(Polynomials.exp(Float.NaN)).isNaN();
    assertThat(Polynomials.tanh(Float.NaN)).isNaN();
    assertThat(Polynomials.sigmoid(Float.NaN)).isNaN();
  }

  private static double maxUlp(
      float from, float to, FloatFunction function, DoubleUnaryOperator reference) {
    double worst = 0;
    int last = Float.floatToRawIntBits(to);
    for (int bits = Float.floatToRawIntBits(from); bits < last; bits += STRIDE) {
      float x = Float.intBitsToFloat(bits);
      double exact = reference.applyAsDouble(x);
      double error = Math.abs(function.apply(x) - exact) / Math.ulp((float) exact);
      worst = Math.max(worst, error);
    }
    return worst;
  }
}
