package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Concatenate;
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

/** Operations at work. */
public final class OperationRuns {
  private OperationRuns() {}

  /**
   * Returns an operation, which does not see the masks of what it reads.
   *
   * @param inputs the shapes of that
   * @param logits whether it leaves its activation to the loss
   */
  public static CpuMerge of(Operation operation, List<Shape> inputs, boolean logits) {
    return (context, below) ->
        run(
            operation,
            inputs,
            logits,
            context,
            below.stream().<LayerRun>map(run -> new UnderMask(run, null)).toList());
  }

  private static LayerRun run(
      Operation operation,
      List<Shape> inputs,
      boolean logits,
      RunContext context,
      List<LayerRun> below) {
    Signals first = new Signals(below.getFirst(), context, inputs.getFirst());
    Shape output = operation.outputShapes(inputs).getFirst();
    return switch (operation) {
      case Arithmetic two -> ArithmeticRun.of(two, inputs, output, context, below);
      case ArrayArithmetic each ->
          ArithmeticRun.of(each, inputs.getFirst(), output, context, below);
      case Elements each -> new ElementsRun(each.function(), context, first);
      case Clip clip -> new ClipRun(clip, context, first);
      case Activated function ->
          new ActivationRun(logits ? Activation.LINEAR : function.activation(), context, first);
      case Reduction reduction -> new ReductionRun(reduction, output, context, first);
      case Cumsum sums -> new CumsumRun(sums, context, first);
      case SoftmaxOver softmax -> new SoftmaxOverRun(softmax, context, first);
      case Joined joined when joined.stacked() && joined.axis() == output.rank() ->
          new StackedRun(output, context, below);
      case Joined joined ->
          new ConcatenateRun(
              new Concatenate(joined.axis()), joined.parts(inputs), output, context, below);
      case GetItem item -> new GetItemRun(item, context, first);
      case OneHot each -> new OneHotRun(each, context, first);
    };
  }
}
