package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Products of the matrices of a sample, and attention, beside the CPU's. */
@Tag("emulated")
class AttentionTest {
  /** Four updates of sums that are shorter than 100 terms, each within a few roundings. */
  private static final double TOLERANCE = 2e-5;

  private static final int SAMPLES = 5;
  private static final int BATCH = 3;
  private static final Shape INPUT = Shape.of(5, 3);

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** Builds a graph from its samples. */
  private interface Wiring {
    Value of(GraphBuilder graph, Value samples);
  }

  private static void agree(Wiring wiring) {
    agree(INPUT, SAMPLES, wiring);
  }

  private static void agree(Shape input, int samples, Wiring wiring) {
    GraphBuilder builder = new GraphBuilder();
    Value last = wiring.of(builder, builder.input("x", input));
    builder.output(builder.apply(Dense.of(2), builder.apply(new Flatten(), last)));
    ModelSpec spec =
        new ModelSpec(builder.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            input,
            Floats.of(Configurations.randoms(random, samples * input.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, samples * 2L, 1)),
            2);
    TwoBackends.agree(spec, data, BATCH, TOLERANCE);
  }

  private static Value dense(GraphBuilder g, int units, Value x) {
    return g.apply(Dense.of(units, Activation.TANH), x);
  }

  /** Returns the first steps of a value. */
  private static Value first(GraphBuilder g, int steps, Value x) {
    return g.apply(new GetItem(List.of(new Slice(0, steps, null), Slice.ALL)), x);
  }

  private static Value flat(GraphBuilder g, Value x) {
    return g.apply(new Flatten(), x);
  }

  /**
   * Products along features, steps and one of each, of sequences and vectors, of one with itself.
   */
  @Test
  void dotsAlongAnyAxis() {
    agree(
        (g, x) -> {
          Value h = dense(g, 4, x);
          Value other = first(g, 3, dense(g, 4, h));
          Value square = dense(g, 5, h);
          Value still = g.apply(SimpleRnn.of(4), h);
          return g.apply(
              Concatenate.FEATURES,
              flat(g, g.apply(Dot.of(2), h, other)),
              flat(g, g.apply(Dot.of(1), h, square)),
              flat(g, g.apply(new Dot(1, 2, false), h, square)),
              flat(g, g.apply(new Dot(-1, 1, false), square, h)),
              g.apply(new Dot(1, -1, false), still, other),
              g.apply(new Dot(1, 1, false), x, g.apply(SimpleRnn.of(5), h)),
              g.apply(Dot.of(1), still, g.apply(SimpleRnn.of(4), x)),
              g.apply(Dot.of(1), still, still));
        });
  }

  @Test
  void dotsOfVectorsOfLengthOne() {
    agree(
        (g, x) -> {
          Value h = dense(g, 4, x);
          Value zeros = g.apply(Dense.of(4, Activation.RELU), x);
          Value nothing = g.apply(Pointwise.SUBTRACT, zeros, zeros);
          Value tiny = g.apply(Arithmetic.with(Operator.MULTIPLY, 1e-8), dense(g, 4, x));
          Value still = g.apply(SimpleRnn.of(4), h);
          return g.apply(
              Concatenate.FEATURES,
              flat(g, g.apply(new Dot(2, 2, true), h, zeros)),
              flat(g, g.apply(new Dot(1, 1, true), h, x)),
              flat(g, g.apply(new Dot(2, 2, true), nothing, h)),
              flat(g, g.apply(new Dot(2, 2, true), tiny, h)),
              g.apply(new Dot(2, 1, true), h, still),
              g.apply(new Dot(1, 1, true), still, still));
        });
  }

  /** Matrices that are larger than a tile in each direction, and walks that go round more often. */
  @Test
  void dotsLargerThanATile() {
    agree(
        Shape.of(35, 3),
        BATCH,
        (g, x) -> {
          Value h = g.apply(Arithmetic.with(Operator.MULTIPLY, 0.1), dense(g, 17, x));
          Value wide = g.apply(Arithmetic.with(Operator.MULTIPLY, 0.1), dense(g, 66, x));
          Value steps = g.apply(Dot.of(1), h, wide);
          Value all = g.apply(new Dot(2, 1, false), g.apply(Dot.of(2), h, h), wide);
          return g.apply(new Concatenate(1), steps, all);
        });
  }

  /** What is frozen lets gradients through, which its weights have scaled. */
  @Test
  void attentionThatLearnsNothing() {
    agree(
        (g, x) -> {
          Value h = dense(g, 4, x);
          return g.apply(
              Concatenate.FEATURES,
              flat(g, g.apply(products(true, false).frozen(), h, h)),
              flat(g, g.apply(sums(true, false).frozen(), h, h)),
              flat(g, g.apply(new AdditiveAttention(true, false).frozen(), h, h)));
        });
  }

  private static Attention products(boolean scale, boolean causal) {
    return new Attention(scale, ScoreMode.DOT, causal);
  }

  private static Attention sums(boolean scale, boolean causal) {
    return new Attention(scale, ScoreMode.CONCAT, causal);
  }

  @Test
  void attentionWithProducts() {
    agree(
        (g, x) -> {
          Value query = first(g, 3, dense(g, 4, x));
          Value key = dense(g, 4, x);
          Value value = dense(g, 2, key);
          return g.apply(
              Concatenate.FEATURES,
              g.apply(products(false, false), query, key),
              g.apply(products(true, false), query, value, key),
              g.apply(products(true, true), query, key),
              first(g, 3, g.apply(products(false, true), key, key)));
        });
  }

  @Test
  void attentionWithSums() {
    agree(
        (g, x) -> {
          Value query = first(g, 3, dense(g, 4, x));
          Value key = dense(g, 4, x);
          Value value = dense(g, 2, key);
          return g.apply(
              Concatenate.FEATURES,
              g.apply(sums(false, false), query, key),
              g.apply(sums(true, false), query, value, key),
              first(g, 3, g.apply(sums(true, true), key, key)));
        });
  }

  /** More features than a warp has lanes; a query that does not ask for gradients. */
  @Test
  void additiveAttention() {
    agree(
        (g, x) -> {
          Value query = first(g, 3, dense(g, 35, x));
          Value key = dense(g, 35, x);
          Value value = dense(g, 2, key);
          Value own = g.apply(AdditiveAttention.create(), x, dense(g, 3, x));
          return g.apply(
              Concatenate.FEATURES,
              g.apply(AdditiveAttention.create(), query, key),
              g.apply(new AdditiveAttention(false, false), query, value, key),
              g.apply(new AdditiveAttention(true, true), query, key),
              first(g, 3, own));
        });
  }

  /**
   * Heads whose values have another width; a query, value and key of three widths and two lengths.
   */
  @Test
  void headsOfThreeValues() {
    agree(
        (g, x) -> {
          Value query = first(g, 3, dense(g, 4, x));
          Value value = dense(g, 2, x);
          MultiHeadAttention heads = MultiHeadAttention.of(3, 2).withValueDim(4);
          return g.apply(
              Concatenate.FEATURES,
              g.apply(heads, query, value, x),
              g.apply(heads.withoutBias().seeingNothingAhead(), query, value));
        });
  }

  /** Shares are dropped; a value looks at itself, the second time through a layer called before. */
  @Test
  void headsThatDrop() {
    agree(
        (g, x) -> {
          GraphBuilder.Shared heads =
              g.share(MultiHeadAttention.of(2, 3).withDropout(0.4).seeingNothingAhead());
          Value h = dense(g, 4, x);
          Value seen = heads.apply(h, h);
          Value frozen = g.apply(MultiHeadAttention.of(2, 2).frozen(), seen, h);
          return heads.apply(frozen, seen);
        });
  }

  @Test
  void attentionThatIsCalledTwice() {
    agree(
        (g, x) -> {
          Value h = dense(g, 4, x);
          GraphBuilder.Shared scaled = g.share(products(true, false));
          Value twice = scaled.apply(scaled.apply(h, h), h);
          return g.apply(AdditiveAttention.create(), twice, h);
        });
  }

  /** A head is a step of what it is made of. */
  @Test
  void headsByHand() {
    agree(
        (g, x) -> {
          Value query = byHead(g, dense(g, 6, x), 2, 1, 3);
          Value key = byHead(g, g.apply(SimpleRnn.of(6).returningSequences(), x), 2, 3, 1);
          Value scores = g.apply(new TimeDistributed(new Dot(2, 1, false)), query, key);
          Value shares = g.apply(new Activated(Activation.SOFTMAX), scores);
          return g.apply(new TimeDistributed(new Dot(2, 1, false)), shares, query);
        });
  }

  private static Value byHead(GraphBuilder g, Value x, Integer... order) {
    return g.apply(new Permute(List.of(order)), g.apply(Reshape.to(5, 2, 3), x));
  }
}
