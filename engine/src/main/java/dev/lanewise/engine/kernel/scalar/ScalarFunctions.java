package dev.lanewise.engine.kernel.scalar;

import dev.lanewise.engine.kernel.Clips;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Exponentials;
import dev.lanewise.engine.kernel.NormalCurve;
import dev.lanewise.engine.kernel.Polynomials;
import dev.lanewise.engine.kernel.Shrinks;

/** The elementwise functions and their derivatives, one element at a time. */
final class ScalarFunctions {
  private ScalarFunctions() {}

  static float apply(Elementwise f, float x) {
    return switch (f) {
      case LINEAR -> x;
      case RELU -> x < 0 ? 0 : x; // so that NaN stays
      case TANH -> Polynomials.tanh(x);
      case SIGMOID -> Polynomials.sigmoid(x);
      case RELU6 -> Clips.relu6(x);
      case LEAKY_RELU -> Clips.leakyRelu(x);
      case HARD_SIGMOID -> Clips.hardSigmoid(x, Clips.SIXTH);
      case STEEP_HARD_SIGMOID -> Clips.hardSigmoid(x, Clips.FIFTH);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case EXPONENTIAL -> Exponentials.exponential(x);
      case ELU -> Exponentials.elu(x);
      case SELU -> Exponentials.selu(x);
      case SOFTPLUS -> Exponentials.softplus(x);
      case SILU -> Exponentials.silu(x);
      case GELU -> NormalCurve.gelu(x);
      case HARD_SILU -> Clips.hardSilu(x);
      case HARD_TANH -> Shrinks.hardTanh(x);
      case HARD_SHRINK -> Shrinks.hardShrink(x);
      case SOFT_SHRINK -> Shrinks.softShrink(x);
      case TANH_SHRINK -> Shrinks.tanhShrink(x);
      case MISH -> Shrinks.mish(x);
      case LOG_SIGMOID -> Shrinks.logSigmoid(x);
      case SQUAREPLUS -> Shrinks.squareplus(x);
      case SPARSE_PLUS -> Shrinks.sparsePlus(x);
      case SPARSE_SIGMOID -> Clips.hardSigmoid(x, Clips.HALF);
    };
  }

  /** Returns dy * f' at v, which is y, or x where {@link Elementwise#derivativeNeedsSums}. */
  static float derivative(Elementwise f, float dy, float v) {
    return switch (f) {
      case LINEAR -> dy;
      case RELU -> v > 0 ? dy : 0;
      case TANH -> dy * Math.fma(-v, v, 1);
      case SIGMOID -> dy * (v * (1 - v));
      case RELU6 -> v > 0 && v < 6 ? dy : 0;
      case LEAKY_RELU -> v > 0 ? dy : dy * Clips.LEAK;
      case HARD_SIGMOID -> v > 0 && v < 1 ? dy * Clips.SIXTH : 0;
      case STEEP_HARD_SIGMOID -> v > 0 && v < 1 ? dy * Clips.FIFTH : 0;
      case SOFTSIGN -> dy * square(1 - Math.abs(v));
      case EXPONENTIAL -> dy * v;
      case ELU -> dy * (v >= 0 ? 1 : v + 1); // so that NaN stays
      case SELU -> dy * (v >= 0 ? Exponentials.SELU_SCALE : v + Exponentials.SELU_DEPTH);
      case SOFTPLUS -> dy * Exponentials.softplusDerivative(v);
      case SILU -> dy * Exponentials.siluDerivative(v);
      case GELU -> dy * NormalCurve.geluDerivative(v);
      case HARD_SILU -> dy * Clips.hardSiluDerivative(v);
      case HARD_TANH -> Math.abs(v) > 1 ? 0 : dy;
      case HARD_SHRINK, SOFT_SHRINK -> v == 0 ? 0 : dy;
      case TANH_SHRINK -> dy * square(Polynomials.tanh(v));
      case MISH -> dy * Shrinks.mishDerivative(v);
      case LOG_SIGMOID -> dy * Exponentials.softplusDerivative(-v);
      case SQUAREPLUS -> dy * Shrinks.squareplusDerivative(v);
      case SPARSE_PLUS -> dy * Shrinks.sparsePlusDerivative(v);
      case SPARSE_SIGMOID ->
          Math.abs(v) < 1 ? dy * Clips.HALF : Math.abs(v) == 1 ? dy * Clips.QUARTER : 0;
    };
  }

  private static float square(float x) {
    return x * x;
  }
}
