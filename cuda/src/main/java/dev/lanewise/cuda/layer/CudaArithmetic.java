package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What is made of two values, or of a value and a number, element by element; see two_values.cu. A
 * value's sizes of 1 are repeated.
 */
public final class CudaArithmetic implements CudaLayer {
  /**
   * One of the two.
   *
   * @param source the value, null where it is a number
   * @param sizes a sample's, as many as the result has, each the result's or 1
   * @param number what it is where there is no value
   */
  @SuppressWarnings("exports") // the annotation is for compilers alone
  public record Side(@Nullable CudaSource source, Shape sizes, double number) {
    /** Returns a number. */
    public static Side of(double number) {
      return new Side(null, Shape.of(1), number);
    }

    /** Returns a value, whose sizes are those of the result or 1. */
    public static Side of(CudaSource source, Shape sizes) {
      return new Side(source, sizes, 0);
    }

    private boolean wantsGradients() {
      return source != null && source.outputGradients() != 0;
    }
  }

  private final Operator operator;
  private final double alike;
  private final Side left;
  private final Side right;
  private final Shape output;
  private final long outputs;
  private final long gradients;

  /**
   * Takes the buffers.
   *
   * @param alike what the left has of the gradient of a maximum or minimum where both are alike
   * @param output the sizes of a sample of the result
   */
  public CudaArithmetic(
      LayerMemory memory, Operator operator, double alike, Side left, Side right, Shape output) {
    this.operator = operator;
    this.alike = alike;
    this.left = left;
    this.right = right;
    this.output = output;
    outputs = memory.floats("what is made of two values", output.positions(), output.size(-1));
    gradients =
        memory.trainingFloats(
            "gradients by what is made of two values", output.positions(), output.size(-1));
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, output.size(-1));
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  private static int code(Operator operator) {
    return switch (operator) {
      case ADD -> 0;
      case SUBTRACT -> 1;
      case MULTIPLY -> 2;
      case DIVIDE -> 3;
      case MAXIMUM -> 4;
      case MINIMUM -> 5;
      case POWER -> 6;
      case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, LOGICAL_AND, LOGICAL_OR ->
          throw new IllegalStateException("refused before: " + operator);
      case WHERE -> throw new IllegalStateException("refused before: " + operator);
    };
  }

  /** Returns {@code struct Side}. */
  private Struct struct(Side side, int rows) {
    CudaSource source = side.source();
    if (source == null) {
      return struct(new Signal(0, 0), 1, false, side.number(), output, new int[output.rank()]);
    }
    boolean plain = side.sizes().equals(output);
    int[] apart = CudaAxes.apartOrRepeated(side.sizes(), output);
    return struct(source.outputs(rows), side.sizes().size(-1), plain, 0, output, apart);
  }

  private static Struct struct(
      Signal values, int width, boolean plain, double number, Shape output, int[] apart) {
    return CudaAxes.add(
        new Struct()
            .pointer(values.address())
            .integer(values.stride())
            .integer(width)
            .integer(plain ? 1 : 0)
            .real(number),
        output,
        apart);
  }

  @Override
  public void forward(CudaPass pass) {
    launch(
        pass,
        struct(left, pass.rows()),
        struct(right, pass.rows()),
        outputs,
        output.positions(),
        output.size(-1),
        operator);
  }

  private static void launch(
      CudaPass pass, Struct a, Struct b, long to, int positions, int width, Operator operator) {
    pass.calls()
        .rows(
            "two_values",
            pass.rows(positions),
            new Arguments()
                .struct(a)
                .struct(b)
                .pointer(to)
                .integer(positions)
                .integer(pass.rows())
                .integer(width)
                .integer(code(operator)));
  }

  /** Adds values without gaps to others of as many positions and columns. */
  public static void add(CudaPass pass, long values, long to, int positions, int width) {
    Shape sizes = Shape.of(width);
    int[] apart = new int[1]; // of no meaning where no size is repeated
    Struct a = struct(new Signal(to, width), width, true, 0, sizes, apart);
    Struct b = struct(new Signal(values, width), width, true, 0, sizes, apart);
    launch(pass, a, b, to, positions, width, Operator.ADD);
  }

  @Override
  public void backward(CudaPass pass) {
    goBack(pass, left, false);
    goBack(pass, right, true);
  }

  private void goBack(CudaPass pass, Side side, boolean second) {
    if (side.source() == null || !side.wantsGradients()) {
      return;
    }
    Shape sizes = side.sizes();
    int[] apart = CudaAxes.apart(output);
    int[] along = new int[output.rank()];
    int count = 1;
    for (int i = 0; i < along.length; i++) {
      along[i] = sizes.size(i) == output.size(i) ? 1 : output.size(i);
      count *= along[i];
    }
    Struct taken = CudaAxes.add(new Struct(), sizes, apart);
    CudaAxes.add(taken, Shape.of(along), apart);
    taken.integer(count).integer(second ? 1 : 0).real(alike).integer(output.size(-1));
    pass.calls()
        .rows(
            "two_values_backward",
            pass.rows(sizes.positions()),
            new Arguments()
                .struct(struct(left, pass.rows()))
                .struct(struct(right, pass.rows()))
                .pointer(gradients)
                .pointer(side.source().outputGradients())
                .integer(sizes.positions())
                .integer(pass.rows())
                .integer(sizes.size(-1))
                .integer(code(operator))
                .struct(taken));
  }
}
