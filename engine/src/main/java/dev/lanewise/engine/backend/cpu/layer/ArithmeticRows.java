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
      case WHERE -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = a[c] != 0 ? b[c] : 0;
        }
      }
      case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, LOGICAL_AND, LOGICAL_OR -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = isTrue(a[c], b[c]) ? 1 : 0;
        }
      }
    }
  }

  private boolean isTrue(float a, float b) {
    return switch (operator) {
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case GREATER -> a > b;
      case GREATER_EQUAL -> a >= b;
      case LESS -> a < b;
      case LESS_EQUAL -> a <= b;
      case LOGICAL_AND -> a != 0 && b != 0;
      case LOGICAL_OR -> a != 0 || b != 0;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER, WHERE ->
          throw new IllegalStateException("gives a number");
    };
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
      case WHERE -> Arrays.fill(a, 0);
      case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, LOGICAL_AND, LOGICAL_OR ->
          Arrays.fill(a, 0);
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
      case WHERE -> {
        for (int c = 0; c < a.length; c++) {
          a[c] = a[c] != 0 ? 1 : 0;
        }
      }
      case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, LOGICAL_AND, LOGICAL_OR ->
          Arrays.fill(a, 0);
    }
  }

  /** Sets y to what the larger of two has of the gradient, as far as it is the first. */
  private static void shares(float[] first, float[] second, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] = first[c] > second[c] ? 1 : first[c] == second[c] ? 0.5f : 0;
    }
  }
}
