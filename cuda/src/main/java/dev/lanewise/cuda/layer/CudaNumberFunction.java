package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.tensor.Shape;

/** A function of each element that is no activation; see number_functions.cu. */
public final class CudaNumberFunction extends CudaValues {
  private final int code;

  public CudaNumberFunction(
      LayerMemory memory, Elements.Function function, Shape input, CudaSource below) {
    super(memory, "a function of numbers", input, below);
    code = code(function);
  }

  private static int code(Elements.Function function) {
    return switch (function) {
      case ABSOLUTE -> 0;
      case SQUARE -> 1;
      case SQRT -> 2;
      case RSQRT -> 3;
      case LOG -> 4;
      case LOG1P -> 5;
      case EXPM1 -> 6;
      case SIN -> 7;
      case COS -> 8;
      case NEGATIVE, RECIPROCAL ->
          throw new IllegalStateException(function + " has no kernel of its own");
      case ERF, SIGN, FLOOR, CEIL, ROUND, LOGICAL_NOT, CAST, STOP_GRADIENT ->
          throw new IllegalStateException("refused before: " + function);
    };
  }

  /** Launches the square roots of values without gaps, in their place. */
  static void squareRoots(KernelCalls calls, long values, int rows, int width) {
    calls.rows(
        "number_function",
        rows,
        new Arguments()
            .pointer(values)
            .integer(width)
            .pointer(values)
            .integer(rows)
            .integer(width)
            .integer(code(Elements.Function.SQRT)));
  }

  private Arguments begin(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    return new Arguments().pointer(inputs.address()).integer(inputs.stride());
  }

  @Override
  public void forward(CudaPass pass) {
    int all = pass.rows(positions);
    Arguments arguments = begin(pass).pointer(outputs).integer(all).integer(width).integer(code);
    pass.calls().rows("number_function", all, arguments);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      int all = pass.rows(positions);
      Arguments arguments =
          begin(pass)
              .pointer(gradients)
              .pointer(below.outputGradients())
              .integer(all)
              .integer(width)
              .integer(code);
      pass.calls().rows("number_function_backward", all, arguments);
    }
  }
}
