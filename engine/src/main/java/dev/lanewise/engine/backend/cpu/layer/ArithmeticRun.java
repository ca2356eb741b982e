package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedElements;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Arithmetic} at work: sums and products of whole rows by kernels, the rest a row at a time,
 * by {@link ArithmeticRows}. Either side may be repeated along any size.
 */
final class ArithmeticRun implements LayerRun {
  private final Operator operator;
  private final MergedValues inputs;
  private final Side left;
  private final Side right;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final CheckedKernels kernels;
  private final boolean byKernels;
  private final ArithmeticRows elementwise;
  private final float[] a;
  private final float[] b;

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
    kernels = context.kernels();
    int width = output.size(-1);
    byKernels =
        (operator == Operator.ADD || operator == Operator.MULTIPLY)
            && left.isOfWidth(width)
            && right.isOfWidth(width);
    elementwise = new ArithmeticRows(operator);
    a = new float[width];
    b = new float[width];
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

    /** Whether an earlier output is made of the same position. */
    final boolean[] adds;

    Side(Matrix[] values, Matrix[] gradients, int[] places) {
      this.values = values;
      this.gradients = gradients;
      this.places = places;
      adds = new boolean[places.length];
      boolean[] begun = new boolean[values.length];
      for (int p = 0; p < places.length; p++) {
        adds[p] = begun[places[p]];
        begun[places[p]] = true;
      }
      numbers = new float[0];
      width = values[0].columns();
    }

    Side(float[] numbers, int width, int[] places) {
      this.numbers = numbers;
      this.width = width;
      this.places = places;
      adds = new boolean[0];
      values = new Matrix[0];
      gradients = new Matrix[0];
    }

    /** Returns whether it is a value that has so many columns. */
    boolean isOfWidth(int columns) {
      return values.length > 0 && width == columns;
    }

    Matrix at(int position) {
      return values[places[position]];
    }

    void read(int position, int row, float[] to) {
      int place = places[position];
      if (values.length > 0) {
        RowArrays.read(values[place], row, to);
      } else if (width == 1) {
        Arrays.fill(to, numbers[place]);
      } else {
        System.arraycopy(numbers, place * width, to, 0, width);
      }
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
      if (byKernels) {
        merge(p, pass.rows());
        continue;
      }
      for (int r = 0; r < pass.rows(); r++) {
        left.read(p, r, a);
        right.read(p, r, b);
        elementwise.result(a, b);
        outputs[p].setRow(r, a);
      }
    }
  }

  private void merge(int p, int rows) {
    if (operator == Operator.MULTIPLY) {
      kernels.elements().multiply(0, rows, left.at(p), right.at(p), outputs[p]);
    } else {
      kernels.copy(rows, left.at(p), outputs[p]);
      kernels.elements().add(rows, right.at(p), outputs[p]);
    }
  }

  @Override
  public void backward(Pass pass) {
    goBack(left, right, pass.rows());
    goBack(right, left, pass.rows());
  }

  private void goBack(Side side, Side other, int rows) {
    for (int p = 0; side.gradients.length > 0 && p < outputs.length; p++) {
      Matrix dx = side.gradients[side.places[p]];
      if (byKernels) {
        goBack(p, rows, other, side.adds[p], dx);
        continue;
      }
      for (int r = 0; r < rows; r++) {
        left.read(p, r, a);
        right.read(p, r, b);
        if (side == left) {
          elementwise.byLeft(a, b);
        } else {
          elementwise.byRight(a, b);
        }
        outputGradients[p].copyRow(r, b);
        RowArrays.multiply(b, a);
        RowArrays.leave(a, side.adds[p], dx, r, b);
      }
    }
  }

  private void goBack(int p, int rows, Side other, boolean adds, Matrix dx) {
    CheckedElements elements = kernels.elements();
    Matrix dy = outputGradients[p];
    if (operator == Operator.MULTIPLY && adds) {
      elements.multiplyAdd(0, rows, dy, other.at(p), dx);
    } else if (operator == Operator.MULTIPLY) {
      elements.multiply(0, rows, dy, other.at(p), dx);
    } else if (adds) {
      elements.add(rows, dy, dx);
    } else {
      kernels.copy(rows, dy, dx);
    }
  }
}
