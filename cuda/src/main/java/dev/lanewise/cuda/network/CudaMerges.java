package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaArithmetic;
import dev.lanewise.cuda.layer.CudaArithmetic.Side;
import dev.lanewise.cuda.layer.CudaJoined;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaReshape;
import dev.lanewise.cuda.layer.CudaRun;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/** The kernels' side of layers that make one value of several. */
final class CudaMerges {
  private CudaMerges() {}

  /**
   * Builds one.
   *
   * @param inputs the shapes of one sample of what it reads
   * @param below what it reads
   * @param masks the address of the mask that it heeds at each of these places, 0 for none
   */
  static CudaLayer of(
      LayerMemory memory,
      Merge merge,
      List<Shape> inputs,
      List<CudaSource> below,
      IntToLongFunction masks) {
    Shape output = merge.mergedShape(inputs);
    return switch (merge) {
      case Concatenate joined ->
          new CudaJoined(memory, joined.place(output.rank()), inputs, output, below);
      case Pointwise pointwise -> pointwise(memory, pointwise, inputs, output, below);
      case Dot dot -> CudaDot.of(memory, dot, inputs, below);
      case Attention attention -> CudaAttention.of(memory, attention, inputs, below, masks);
      case AdditiveAttention attention -> CudaAttention.of(memory, attention, inputs, below, masks);
      case MultiHeadAttention heads -> CudaHeads.of(memory, heads, inputs, below, masks);
    };
  }

  /** Two by two, from the first on. Where the largest is there twice, the first one has it. */
  private static CudaLayer pointwise(
      LayerMemory memory,
      Pointwise pointwise,
      List<Shape> inputs,
      Shape output,
      List<CudaSource> below) {
    if (inputs.size() == 1) {
      return new CudaReshape(memory, output, output, below.getFirst());
    }
    List<CudaLayer> steps = new ArrayList<>();
    Side sum = side(below.getFirst(), inputs.getFirst(), output);
    for (int i = 1; i < inputs.size(); i++) {
      Side next = side(below.get(i), inputs.get(i), output);
      Shape both = larger(sum.sizes(), next.sizes());
      CudaLayer step =
          new CudaArithmetic(memory, operator(pointwise.operation()), 1, sum, next, both);
      steps.add(step);
      sum = Side.of(step, both);
    }
    if (pointwise.operation() == Pointwise.Operation.AVERAGE) {
      Side count = Side.of(inputs.size());
      steps.add(new CudaArithmetic(memory, Operator.DIVIDE, 1, sum, count, output));
    }
    return CudaRun.of(steps);
  }

  private static Operator operator(Pointwise.Operation operation) {
    return switch (operation) {
      case ADD, AVERAGE -> Operator.ADD;
      case SUBTRACT -> Operator.SUBTRACT;
      case MULTIPLY -> Operator.MULTIPLY;
      case MAXIMUM -> Operator.MAXIMUM;
      case MINIMUM -> Operator.MINIMUM;
    };
  }

  /** Returns a value as one of as many sizes as the result; without steps it is repeated. */
  private static Side side(CudaSource source, Shape shape, Shape output) {
    if (shape.positions() > 1 || shape.rank() == output.rank()) {
      return Side.of(source, shape);
    }
    int[] sizes = new int[output.rank()];
    Arrays.fill(sizes, 1);
    sizes[sizes.length - 1] = shape.size(-1);
    return Side.of(source, Shape.of(sizes));
  }

  private static Shape larger(Shape first, Shape second) {
    int[] sizes = first.toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.max(sizes[i], second.size(i));
    }
    return Shape.of(sizes);
  }
}
