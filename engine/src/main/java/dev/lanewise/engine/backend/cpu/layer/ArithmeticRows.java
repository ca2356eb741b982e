package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import java.util.Arrays;

/**
 * {@link Arithmetic} on one row at a time, and its derivatives: the left side's array takes them.
 */
final class ArithmeticRows {
  private final Operator operator;

  ArithmeticRows(Operator operator) {
    this.operator = operator;
  }

  /** a = a operator b. */
  void result(float[] a, float[] b) {
    switch (operator) {
      case ADD -> RowArrays.add(b, a);
      case SUBTRACT -> RowArrays.subtract(b, a);
      case MULTIPLY -> RowArrays.multiply(b, a);
      case DIVIDE -> RowArrays.divide(b, a);
      case MAXIMUM -> RowArrays.maximum(b, a);
      case MINIMUM -> RowArrays.minimum(b, a);
      case POWER -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = (float) StrictMath.pow(a[c], b[c]);
        }
      }
    }
  }

  /** Sets a to the derivatives by the left side. */
  void byLeft(float[] a, float[] b) {
    switch (operator) {
      case ADD, SUBTRACT -> Arrays.fill(a, 1);
      case MULTIPLY -> System.arraycopy(b, 0, a, 0, a.length);
      case DIVIDE -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = 1 / b[c];
        }
      }
      case MAXIMUM -> shares(a, b, a);
      case MINIMUM -> shares(b, a, a);
      case POWER -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = b[c] == 0 ? 0 : (float) (b[c] * StrictMath.pow(a[c], b[c] - 1.0));
        }
      }
    }
  }

  /** Sets a to the derivatives by the right side. */
  void byRight(float[] a, float[] b) {
    switch (operator) {
      case ADD -> Arrays.fill(a, 1);
      case SUBTRACT -> Arrays.fill(a, -1);
      case MULTIPLY -> {}
      case DIVIDE -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = -a[c] / (b[c] * b[c]);
        }
      }
      case MAXIMUM -> shares(b, a, a);
      case MINIMUM -> shares(a, b, a);
      case POWER -> {
        for (int c = 0; c < a.length; c++) {
          double power = StrictMath.log(a[c]) * StrictMath.pow(a[c], b[c]);
          a[c] = a[c] == 0 ? 0 : (float) power;
        }
      }
    }
  }

  /** Sets y to what the larger of two has of the gradient, as far as it is the first. */
  private static void shares(float[] first, float[] second, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] = first[c] > second[c] ? 1 : first[c] == second[c] ? 0.5f : 0;
    }
  }
}
