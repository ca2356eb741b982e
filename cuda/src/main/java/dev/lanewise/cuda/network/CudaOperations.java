package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaActivation;
import dev.lanewise.cuda.layer.CudaArithmetic;
import dev.lanewise.cuda.layer.CudaArithmetic.Side;
import dev.lanewise.cuda.layer.CudaGetItem;
import dev.lanewise.cuda.layer.CudaJoined;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaNumberFunction;
import dev.lanewise.cuda.layer.CudaReduction;
import dev.lanewise.cuda.layer.CudaRun;
import dev.lanewise.cuda.layer.CudaSoftmaxOver;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels' side of operations of functional models. */
final class CudaOperations {
  /** Of two that are alike each has half of the gradient. */
  private static final double HALF = 0.5;

  private CudaOperations() {}

  /**
   * Builds one.
   *
   * @param inputs the shapes of one sample of what it reads
   * @param below what it reads
   * @param logits whether it leaves its activation to the loss
   */
  static CudaLayer of(
      LayerMemory memory,
      Operation operation,
      List<Shape> inputs,
      List<CudaSource> below,
      boolean logits) {
    Shape input = inputs.getFirst();
    CudaSource first = below.getFirst();
    Shape output = operation.outputShapes(inputs).getFirst();
    return switch (operation) {
      case Arithmetic two ->
          new CudaArithmetic(
              memory,
              two.operator(),
              HALF,
              side(two.left(), first, input),
              side(two.right(), below.getLast(), inputs.getLast()),
              output);
      case Elements each -> function(memory, each.function(), input, first);
      case Clip clip -> clip(memory, clip, input, first);
      case Activated function ->
          new CudaActivation(memory, function.activation(), input, first, logits);
      case Reduction reduction -> new CudaReduction(memory, reduction, input, first);
      case SoftmaxOver softmax -> new CudaSoftmaxOver(memory, softmax.axis(), input, first);
      case Joined joined -> new CudaJoined(memory, joined.axis() - 1, inputs, output, below);
      case GetItem item -> new CudaGetItem(memory, item, input, first);
      case OneHot _, ArrayArithmetic _, Cumsum _ ->
          throw new IllegalStateException("refused before: " + operation);
    };
  }

  private static Side side(@Nullable Double number, CudaSource source, Shape shape) {
    return number == null ? Side.of(source, shape) : Side.of(number);
  }

  private static CudaLayer function(
      LayerMemory memory, Elements.Function function, Shape input, CudaSource below) {
    Side value = Side.of(below, input);
    return switch (function) {
      case NEGATIVE ->
          new CudaArithmetic(memory, Operator.MULTIPLY, HALF, value, Side.of(-1), input);
      case RECIPROCAL ->
          new CudaArithmetic(memory, Operator.DIVIDE, HALF, Side.of(1), value, input);
      default -> new CudaNumberFunction(memory, function, input, below);
    };
  }

  private static CudaLayer clip(LayerMemory memory, Clip clip, Shape input, CudaSource below) {
    CudaLayer bounded =
        new CudaArithmetic(
            memory, Operator.MAXIMUM, HALF, Side.of(below, input), Side.of(clip.least()), input);
    CudaLayer both =
        new CudaArithmetic(
            memory, Operator.MINIMUM, HALF, Side.of(bounded, input), Side.of(clip.most()), input);
    return CudaRun.of(List.of(bounded, both));
  }
}
