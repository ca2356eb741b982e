package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.UnaryOperator;

/** Graphs of samples, or of sequences of them, each of whose layers is then called at each step. */
public enum StepNetwork {
  RESIDUAL,
  ATTENDING;

  /**
   * Adds the network.
   *
   * @param placed makes a layer one at each step, or leaves it as it is
   */
  public Value of(GraphBuilder g, UnaryOperator<Layer> placed, Value x) {
    return switch (this) {
      case RESIDUAL -> residual(g, placed, x);
      case ATTENDING -> attending(g, placed, x);
    };
  }

  /** What it reads. */
  public static final Shape INPUT = Shape.of(4, 6, 2);

  /** As networks of pictures are built since they are deep: sums, squeezes, branches. */
  private static Value residual(GraphBuilder g, UnaryOperator<Layer> placed, Value x) {
    PictureWindow window = PictureWindow.of(3).withPadding(Padding.SAME);
    Value first = g.apply(placed.apply(Conv2D.of(5, window)), x);
    Value wide =
        g.apply(placed.apply(Conv2D.of(40, window).withActivation(Activation.TANH)), first);
    Value apart = g.apply(placed.apply(DepthwiseConv.of(window)), wide);
    Value narrow = g.apply(placed.apply(Dense.of(5)), apart);
    Value sum = g.apply(placed.apply(Pointwise.ADD), first, narrow);
    Value mean =
        g.apply(placed.apply(new GlobalGridPooling(GridPooling.Kind.AVERAGE, 2, true)), sum);
    Value gate = g.apply(placed.apply(Dense.of(5, Activation.SIGMOID)), mean);
    Value squeezed = g.apply(placed.apply(Pointwise.MULTIPLY), sum, gate);
    Value pooled = g.apply(placed.apply(GridPooling.max(PictureWindow.tiles(2))), squeezed);
    Value below = g.apply(placed.apply(new Concatenate(1)), pooled, pooled);
    Value beside = g.apply(placed.apply(Concatenate.FEATURES), below, below);
    Value half = g.apply(placed.apply(Arithmetic.with(Arithmetic.Operator.MULTIPLY, 0.5)), beside);
    Value product = g.apply(placed.apply(Arithmetic.of(Arithmetic.Operator.MULTIPLY)), half, half);
    Value wave = g.apply(placed.apply(new Elements(Elements.Function.SIN)), product);
    return g.apply(
        placed.apply(new Reduction(Kind.MEAN, List.of(1, 2), false)),
        g.apply(placed.apply(Normalization.of(List.of(0.5), List.of(2.0))), wave));
  }

  /** Steps of steps that attend to each other. */
  private static Value attending(GraphBuilder g, UnaryOperator<Layer> placed, Value x) {
    Value rows = g.apply(placed.apply(Reshape.to(6, 8)), x);
    Value heads = g.apply(placed.apply(MultiHeadAttention.of(2, 3)), rows, rows);
    Value scores = g.apply(placed.apply(Dot.of(2)), rows, heads);
    Value last = g.apply(placed.apply(GetItem.ofStep(-1)), scores);
    Value dropped = g.apply(placed.apply(Dropout.of(0)), scores);
    Value sum = g.apply(placed.apply(new Reduction(Kind.MAX, List.of(1), false)), dropped);
    return g.apply(placed.apply(Pointwise.SUBTRACT), last, sum);
  }
}
