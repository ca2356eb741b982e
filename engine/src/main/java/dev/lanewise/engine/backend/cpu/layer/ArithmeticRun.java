package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Arithmetic} at work, in plain loops: an element is read from memory once and takes an
 * operation or two, and either side may be repeated along any size.
 */
final class ArithmeticRun implements LayerRun {
  private final Operator operator;
  private final MergedValues inputs;
  private final Side left;
  private final Side right;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  private ArithmeticRun(
      Operator operator,
      MergedValues inputs,
      Side left,
      Side right,
      Shape output,
      RunContext context) {
    this.operator = operator;
    this.inputs = inputs;
    this.left = left;
    this.right = right;
    outputs = context.signals("outputs", output.positions(), output.size(-1));
    outputGradients = context.gradientSignals(output.positions(), output.size(-1));
  }

  /** Returns a run on two values, or on one and a number. */
  static ArithmeticRun of(
      Arithmetic layer,
      List<Shape> shapes,
      Shape output,
      RunContext context,
      List<LayerRun> below) {
    MergedValues inputs = new MergedValues(below);
    Side left = side(layer.left(), inputs, 0, shapes, output);
    Side right = side(layer.right(), inputs, inputs.count() - 1, shapes, output);
    return new ArithmeticRun(layer.operator(), inputs, left, right, output, context);
  }

  /** Returns a run on a value and an array. */
  static ArithmeticRun of(
      ArrayArithmetic layer, Shape input, Shape output, RunContext context, List<LayerRun> below) {
    MergedValues inputs = new MergedValues(below);
    Side value = side(null, inputs, 0, List.of(input), output);
    Side array = array(layer.of(input), output);
    return layer.arrayFirst()
        ? new ArithmeticRun(layer.operator(), inputs, array, value, output, context)
        : new ArithmeticRun(layer.operator(), inputs, value, array, output, context);
  }

  private static Side side(
      @Nullable Double number, MergedValues inputs, int input, List<Shape> shapes, Shape output) {
    return number == null
        ? new Side(inputs.of(input), inputs.gradients(input), places(shapes.get(input), output))
        : new Side(new float[] {number.floatValue()}, 1, new int[output.positions()]);
  }

  /** Returns an array's side: its numbers are on the heap, where all that is read of them is. */
  private static Side array(Constant array, Shape output) {
    return new Side(array.values(), array.shape().size(-1), places(array.shape(), output));
  }

  /** Returns the position of a value that each of the outputs is made of. */
  static int[] places(Shape value, Shape output) {
    int[] places = new int[output.positions()];
    for (int p = 0; p < places.length; p++) {
      int rest = p;
      int stride = 1;
      for (int size = output.rank() - 2; size >= 0; size--) {
        int at = rest % output.size(size);
        rest /= output.size(size);
        places[p] += value.size(size) == 1 ? 0 : at * stride;
        stride *= value.size(size);
      }
    }
    return places;
  }

  /** What stands on one side: a value, or numbers that are the same for all rows. */
  private static final class Side {
    final Matrix[] values;
    final Matrix[] gradients;
    final float[] numbers;
    final int width;

    /** The position of the value, or of the numbers, that each of the outputs is made of. */
    final int[] places;

    Side(Matrix[] values, Matrix[] gradients, int[] places) {
      this.values = values;
      this.gradients = gradients;
      this.places = places;
      numbers = new float[0];
      width = values[0].columns();
    }

    Side(float[] numbers, int width, int[] places) {
      this.numbers = numbers;
      this.width = width;
      this.places = places;
      values = new Matrix[0];
      gradients = new Matrix[0];
    }

    float at(int position, int row, int column) {
      int place = places[position];
      int own = width == 1 ? 0 : column;
      return values.length == 0 ? numbers[place * width + own] : values[place].get(row, own);
    }
  }

  @Override
  public Matrix[] inputs() {
    return inputs.of(0);
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      Matrix y = outputs[p];
      for (int r = 0; r < pass.rows(); r++) {
        for (int c = 0; c < y.columns(); c++) {
          y.set(r, c, result(left.at(p, r, c), right.at(p, r, c)));
        }
      }
    }
  }

  private float result(float a, float b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case POWER -> (float) StrictMath.pow(a, b);
    };
  }

  @Override
  public void backward(Pass pass) {
    goBack(left, true, pass.rows());
    goBack(right, false, pass.rows());
  }

  private void goBack(Side side, boolean first, int rows) {
    for (Matrix dx : side.gradients) {
      clear(dx, rows);
    }
    for (int p = 0; side.gradients.length > 0 && p < outputs.length; p++) {
      add(side, first, p, rows);
    }
  }

  private static void clear(Matrix gradient, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < gradient.columns(); c++) {
        gradient.set(r, c, 0);
      }
    }
  }

  private void add(Side side, boolean first, int p, int rows) {
    Matrix dy = outputGradients[p];
    Matrix dx = side.gradients[side.places[p]];
    boolean repeated = dx.columns() == 1;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < dy.columns(); c++) {
        float a = left.at(p, r, c);
        float b = right.at(p, r, c);
        float slope = first ? leftSlope(a, b) : rightSlope(a, b);
        int to = repeated ? 0 : c;
        dx.set(r, to, dx.get(r, to) + dy.get(r, c) * slope);
      }
    }
  }

  private float leftSlope(float a, float b) {
    return switch (operator) {
      case ADD, SUBTRACT -> 1;
      case MULTIPLY -> b;
      case DIVIDE -> 1 / b;
      case MAXIMUM -> share(a, b);
      case MINIMUM -> share(b, a);
      case POWER -> b == 0 ? 0 : (float) (b * StrictMath.pow(a, b - 1.0));
    };
  }

  private float rightSlope(float a, float b) {
    return switch (operator) {
      case ADD -> 1;
      case SUBTRACT -> -1;
      case MULTIPLY -> a;
      case DIVIDE -> -a / (b * b);
      case MAXIMUM -> share(b, a);
      case MINIMUM -> share(a, b);
      case POWER -> a == 0 ? 0 : (float) (StrictMath.log(a) * StrictMath.pow(a, b));
    };
  }

  /** Returns what the larger of two has of the gradient, as far as it is the first. */
  private static float share(float first, float second) {
    return first > second ? 1 : first == second ? 0.5f : 0;
  }
}
