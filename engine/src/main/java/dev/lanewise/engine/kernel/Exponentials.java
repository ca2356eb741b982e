package dev.lanewise.engine.kernel;

import static dev.lanewise.engine.kernel.Polynomials.EXPONENT_SHIFT;
import static dev.lanewise.engine.kernel.Polynomials.LOG2_E;
import static dev.lanewise.engine.kernel.Polynomials.MAGNITUDE_BITS;
import static dev.lanewise.engine.kernel.Polynomials.MINUS_LN2_HIGH;
import static dev.lanewise.engine.kernel.Polynomials.MINUS_LN2_LOW;
import static dev.lanewise.engine.kernel.Polynomials.ROUND;

/**
 * The activations made of e^x, as chains of single roundings like those of {@link Polynomials}.
 * Errors are the largest seen over every 7th float of a range.
 *
 * <p>e to a power of at most 0 stays in range if its magnitude is clamped, as an integer: what lies
 * beyond makes no difference, or is set to its limit. A NaN comes back by the last operation, which
 * has x itself in it.
 */
public final class Exponentials {
  /** e^89 is infinite, half of it is not. */
  public static final float HIGHEST = 89f;

  /** Below it {@link #exponential} is 0; halved, the result would be no normal number. */
  public static final float LOWEST = -86f;

  /** The bits of a half. */
  public static final int HALF_BITS = 0x3f000000;

  /** From there on e^-x is 0 beside anything it is added to. */
  public static final float FAR = 87f;

  /** The bits of {@link #FAR}. */
  public static final int FAR_BITS = 0x42ae0000;

  /** From there on e^-x - 1 rounds to -1. (It does from 17.33.) */
  public static final float NEAR_ONE = 40f;

  /** The bits of {@link #NEAR_ONE}. */
  public static final int NEAR_ONE_BITS = 0x42200000;

  /** The slope of selu above 0 (Klambauer et al. 2017). */
  public static final float SELU_SCALE = 1.050701f;

  /** What selu falls to, without its sign. */
  public static final float SELU_DEPTH = 1.7580993f;

  /**
   * Coefficients of ln(1 + e) = 2 s + 2 s^3 (L0 + L1 s^2 + L2 s^4 + L3 s^6), s = e / (2 + e): a
   * minimax fit of the relative error for e in [0, 1], made by Remez exchange in 40 digits, rounded
   * one after the other with those behind it fitted again: 4.5e-9.
   */
  public static final float L0 = 0.3333321f;

  /** L1. */
  public static final float L1 = 0.20010719f;

  /** L2. */
  public static final float L2 = 0.14001511f;

  /** L3. */
  public static final float L3 = 0.14003411f;

  private Exponentials() {}

  /**
   * Returns e^x for any x; 0 below {@link #LOWEST}. Half of it is computed and then doubled, so
   * that it becomes infinite where it should. Largest error seen in [-86, 88.7]: 1.01 ulp.
   */
  public static float exponential(float x) {
    float u = x > HIGHEST ? HIGHEST : x;
    float z = Math.fma(u, LOG2_E, ROUND);
    float r = reduced(u, z - ROUND);
    float half = Float.intBitsToFloat((Float.floatToRawIntBits(z) << EXPONENT_SHIFT) + HALF_BITS);
    float y = Math.fma(Polynomials.expm1(r), half, half);
    return x < LOWEST ? 0 : y + y;
  }

  /** Returns x where x is not negative, else e^x - 1; -0 of -0. Largest error seen: 0.94 ulp. */
  public static float elu(float x) {
    return x < 0 ? expm1OfMinus(clamped(x, NEAR_ONE_BITS)) : x;
  }

  /** Returns elu scaled: two constants in place of two products. Largest error seen: 1.9 ulp. */
  public static float selu(float x) {
    return x < 0 ? SELU_DEPTH * expm1OfMinus(clamped(x, NEAR_ONE_BITS)) : SELU_SCALE * x;
  }

  /**
   * Returns ln(1 + e^x) = max(0, x) + ln(1 + e^-|x|); 0 below -{@link #FAR}. Largest error seen
   * from -86 on: 2.8 ulp.
   */
  public static float softplus(float x) {
    float e = expOfMinus(clamped(x, FAR_BITS));
    float s = e / (e + 2f);
    float w = s * s;
    float l = Math.fma(Math.fma(Math.fma(L3, w, L2), w, L1), w, L0);
    float twice = s + s;
    float y = (x < 0 ? 0 : x) + Math.fma(twice * w, l, twice);
    return x < -FAR ? 0 : y;
  }

  /** Returns 1 - e^-y, which is softplus's derivative at the x of which y is the softplus. */
  public static float softplusDerivative(float y) {
    return -expm1OfMinus(y > NEAR_ONE ? NEAR_ONE : y);
  }

  /**
   * Returns x / (1 + e^-x), with e^-|x| alone. Largest error seen from -86 on: 3.6 ulp. Of minus
   * infinity it is NaN, as a product of infinity and 0.
   */
  public static float silu(float x) {
    float e = nearPower(x);
    float inverse = 1f / (e + 1f);
    return x * (x < 0 ? e * inverse : inverse);
  }

  /**
   * Returns silu's derivative at x, s (1 + x (1 - s)) with s the sigmoid. Largest error seen:
   * 2.3e-7, absolute: it crosses 0.
   */
  public static float siluDerivative(float x) {
    float e = nearPower(x);
    float inverse = 1f / (e + 1f);
    float other = e * inverse;
    float s = x < 0 ? other : inverse;
    float complement = x < 0 ? inverse : other;
    return s * Math.fma(x, complement, 1f);
  }

  /** Returns e^-|x|, 0 where |x| is more than {@link #FAR}. */
  private static float nearPower(float x) {
    float e = expOfMinus(clamped(x, FAR_BITS));
    return Math.abs(x) > FAR ? 0 : e;
  }

  private static float clamped(float x, int bits) {
    return Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(x) & MAGNITUDE_BITS, bits));
  }

  /** Returns e^-a for a in [0, {@link #FAR}]. */
  private static float expOfMinus(float a) {
    float u = -a;
    float z = Math.fma(u, LOG2_E, ROUND);
    float r = reduced(u, z - ROUND);
    float power = Polynomials.powerOfTwo(z);
    return Math.fma(Polynomials.expm1(r), power, power);
  }

  /** Returns e^-a - 1 for a in [0, {@link #NEAR_ONE}], precise for small a too. */
  private static float expm1OfMinus(float a) {
    float u = -a;
    float z = Math.fma(u, LOG2_E, ROUND);
    float r = reduced(u, z - ROUND);
    float power = Polynomials.powerOfTwo(z);
    return Math.fma(Polynomials.expm1(r), power, power - 1f);
  }

  /** Returns x - n ln 2. */
  private static float reduced(float x, float n) {
    return Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
  }
}
