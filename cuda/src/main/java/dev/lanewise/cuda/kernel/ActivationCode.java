package dev.lanewise.cuda.kernel;

import dev.lanewise.engine.layer.Activation;

/** The numbers of activation.cuh and function.cuh. */
public final class ActivationCode {
  private ActivationCode() {}

  /** Returns the number of a function; a softmax, which is a kernel of its own, leaves its sums. */
  public static int of(Activation f) {
    return switch (f) {
      case LINEAR, SOFTMAX -> 0;
      case RELU -> 1;
      case TANH -> 2;
      case SIGMOID -> 3;
      case RELU6 -> 4;
      case LEAKY_RELU -> 5;
      case HARD_SIGMOID -> 6;
      case KERAS_2_HARD_SIGMOID -> 7;
      case SOFTSIGN -> 8;
      case EXPONENTIAL -> 9;
      case ELU -> 10;
      case SELU -> 11;
      case SOFTPLUS -> 12;
      case SILU -> 13;
      case GELU -> 14;
      case HARD_SILU -> 15;
      case HARD_TANH -> 16;
      case HARD_SHRINK -> 17;
      case SOFT_SHRINK -> 18;
      case TANH_SHRINK -> 19;
      case MISH -> 20;
      case LOG_SIGMOID -> 21;
      case SQUAREPLUS -> 22;
      case SPARSE_PLUS -> 23;
      case SPARSE_SIGMOID -> 24;
    };
  }

  /** Returns whether products take the function along: it is one of activation.cuh's. */
  public static boolean isWithProducts(Activation f) {
    return of(f) <= of(Activation.SIGMOID);
  }
}
