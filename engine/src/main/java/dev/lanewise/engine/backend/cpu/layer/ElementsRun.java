package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Elements.Function;
import java.util.Arrays;

/**
 * {@link dev.lanewise.engine.layer.Elements} at work, in double, so that no bit depends on the
 * machine: what stands in a model once or twice is no kernel's worth.
 */
final class ElementsRun extends BetweenRun {
  private final Function function;
  private final float[] x;
  private final float[] dy;

  ElementsRun(Function function, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    this.function = function;
    x = new float[signals.width()];
    dy = new float[signals.width()];
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        inputs[p].copyRow(r, x);
        apply();
        outputs[p].setRow(r, x);
      }
    }
  }

  /** Functions of an instruction or two have loops of their own, which the JIT makes vectors of. */
  private void apply() {
    switch (function) {
      case ABSOLUTE -> {
        for (int c = 0; c < x.length; c++) {
          x[c] = Math.abs(x[c]);
        }
      }
      case NEGATIVE -> RowArrays.multiply(-1, x);
      case SQUARE -> RowArrays.multiply(x, x);
      case SQRT -> {
        for (int c = 0; c < x.length; c++) {
          x[c] = (float) Math.sqrt(x[c]);
        }
      }
      case CAST, STOP_GRADIENT -> {}
      case LOGICAL_NOT -> {
        for (int c = 0; c < x.length; c++) {
          x[c] = x[c] == 0 ? 1 : 0;
        }
      }
      case RSQRT, RECIPROCAL, LOG, LOG1P, EXPM1, SIN, COS, ERF, SIGN, FLOOR, CEIL, ROUND -> {
        for (int c = 0; c < x.length; c++) {
          x[c] = (float) value(x[c]);
        }
      }
    }
  }

  private double value(double x) {
    return switch (function) {
      case ABSOLUTE, NEGATIVE, SQUARE, SQRT, LOGICAL_NOT, CAST, STOP_GRADIENT ->
          throw new IllegalStateException("has a loop");
      case RSQRT -> 1 / Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case LOG -> StrictMath.log(x);
      case LOG1P -> StrictMath.log1p(x);
      case EXPM1 -> StrictMath.expm1(x);
      case SIN -> Sines.sin(x);
      case COS -> Sines.cos(x);
      case ERF -> ErrorFunction.erf(x);
      case SIGN -> Math.signum(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
    };
  }

  @Override
  public void backward(Pass pass) {
    for (int p = 0; p < inputGradients.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        inputs[p].copyRow(r, x);
        outputGradients[p].copyRow(r, dy);
        multiplyBySlope();
        inputGradients[p].setRow(r, dy);
      }
    }
  }

  private void multiplyBySlope() {
    switch (function) {
      case ABSOLUTE -> {
        for (int c = 0; c < x.length; c++) {
          dy[c] *= Math.signum(x[c]);
        }
      }
      case NEGATIVE -> RowArrays.multiply(-1, dy);
      case CAST -> {}
      case SIGN, FLOOR, CEIL, ROUND, LOGICAL_NOT, STOP_GRADIENT -> Arrays.fill(dy, 0);
      case SQUARE -> {
        RowArrays.multiply(2, x);
        RowArrays.multiply(x, dy);
      }
      case SQRT, RSQRT, RECIPROCAL, LOG, LOG1P, EXPM1, SIN, COS, ERF -> {
        for (int c = 0; c < x.length; c++) {
          dy[c] = (float) (dy[c] * slope(x[c]));
        }
      }
    }
  }

  private double slope(double x) {
    return switch (function) {
      case ABSOLUTE, NEGATIVE, SQUARE, SIGN, FLOOR, CEIL, ROUND, LOGICAL_NOT, CAST, STOP_GRADIENT ->
          throw new IllegalStateException("has a loop");
      case SQRT -> 0.5 / Math.sqrt(x);
      case RSQRT -> -0.5 / (x * Math.sqrt(x));
      case RECIPROCAL -> -1 / (x * x);
      case LOG -> 1 / x;
      case LOG1P -> 1 / (1 + x);
      case EXPM1 -> StrictMath.exp(x);
      case SIN -> Sines.cos(x);
      case COS -> -Sines.sin(x);
      case ERF -> ErrorFunction.derivative(x);
    };
  }
}
