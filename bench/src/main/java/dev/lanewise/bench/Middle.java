package dev.lanewise.bench;

import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SoftmaxOver;
import java.util.List;

/** What a value [steps, features] goes through in {@link LayerBenchmark}. */
public enum Middle {
  /** Nothing: what the model takes beside all others. */
  nothing,
  /** A residual connection. */
  add,
  /** Two values, element by element. */
  multiply,
  /** The larger of two. */
  maximum,
  /** A factor a step. */
  gate,
  /** A number for all. */
  plus_number,
  /** The quotient of two. */
  divide,
  /** Square roots. */
  square_root,
  /** Slopes that are learnt. */
  prelu,
  /** Steps and features in each other's place. */
  permute,
  /** The mean over the steps. */
  mean,
  /** The largest over the steps. */
  largest,
  /** The variance over the features, one a step. */
  variance,
  /** Shares over the steps. */
  softmax_over_steps,
  /** All steps by all steps. */
  dot,
  /** Scores that are products. */
  attention,
  /** Scores that are sums. */
  additive_attention,
  /** Four heads. */
  multi_head_attention,
  /** Four heads, of which each step looks at none behind it. */
  causal_heads,
  /** Windows of three steps. */
  conv,
  /** Windows of three steps, spread two apart. */
  conv_transpose,
  /** Windows of three steps, each feature by itself. */
  depthwise_conv,
  /** Over the features. */
  layer_normalization,
  /** Over the batch. */
  batch_normalization;

  /**
   * Returns what becomes of a value.
   *
   * @param x of shape [steps, features]
   */
  Value apply(GraphBuilder g, Value x) {
    int features = x.shape().size(-1);
    return switch (this) {
      case nothing -> x;
      case add -> g.apply(Pointwise.ADD, x, x);
      case multiply -> g.apply(Pointwise.MULTIPLY, x, x);
      case maximum -> g.apply(Pointwise.MAXIMUM, x, g.apply(half(), x));
      case gate -> g.apply(Arithmetic.of(Arithmetic.Operator.MULTIPLY), g.apply(Dense.of(1), x), x);
      case plus_number -> g.apply(Arithmetic.with(Arithmetic.Operator.ADD, 1), x);
      case divide -> g.apply(Arithmetic.of(Arithmetic.Operator.DIVIDE), x, squares(g, x));
      case square_root -> g.apply(new Elements(Elements.Function.SQRT), squares(g, x));
      case prelu -> g.apply(new Prelu(List.of(1)), x);
      case permute -> g.apply(Permute.turning(), x);
      case mean -> g.apply(new Reduction(Reduction.Kind.MEAN, List.of(1), true), x);
      case largest -> g.apply(new Reduction(Reduction.Kind.MAX, List.of(1), true), x);
      case variance -> g.apply(new Reduction(Reduction.Kind.VAR, List.of(2), true), x);
      case softmax_over_steps -> g.apply(new SoftmaxOver(1), x);
      case dot -> g.apply(new Dot(2, 2, false), x, x);
      case attention -> g.apply(Attention.create(), x, x);
      case additive_attention -> g.apply(AdditiveAttention.create(), x, x);
      case multi_head_attention -> g.apply(MultiHeadAttention.of(4, features / 4), x, x);
      case causal_heads ->
          g.apply(MultiHeadAttention.of(4, features / 4).seeingNothingAhead(), x, x);
      case conv -> g.apply(Conv1D.of(features, 3), x);
      case conv_transpose -> g.apply(ConvTranspose.of(features, two()), x);
      case depthwise_conv -> g.apply(DepthwiseConv.of(SlidingWindow.of(3)), x);
      case layer_normalization -> g.apply(LayerNormalization.withDefaults(), x);
      case batch_normalization -> g.apply(BatchNormalization.withDefaults(), x);
    };
  }

  private static SlidingWindow two() {
    return SlidingWindow.of(3).withStrides(2);
  }

  private static Arithmetic half() {
    return Arithmetic.with(Arithmetic.Operator.MULTIPLY, 0.5);
  }

  private static Value squares(GraphBuilder g, Value x) {
    Value square = g.apply(new Elements(Elements.Function.SQUARE), x);
    return g.apply(Arithmetic.with(Arithmetic.Operator.ADD, 1), square);
  }
}
