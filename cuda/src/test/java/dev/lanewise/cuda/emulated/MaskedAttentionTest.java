package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.SimpleRnn;
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

/** Attention of sequences that are padded, some of which have nothing else, beside the CPU's. */
@Tag("emulated")
class MaskedAttentionTest {
  private static final double TOLERANCE = 2e-5;
  private static final int STEPS = 5;

  /** How many steps of the first sequence count, and of the second. */
  private static final int[][] LENGTHS = {{5, 0}, {0, 4}, {3, 2}, {2, 5}, {4, 1}, {0, 0}};

  private static final int SAMPLES = LENGTHS.length;
  private static final int TOKENS = 11;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** Builds a graph from two sequences of tokens of unlike lengths. */
  private interface Wiring {
    Value of(GraphBuilder graph, Value first, Value second);
  }

  private static Value embed(GraphBuilder g, Value ids) {
    return g.apply(Embedding.of(TOKENS, 4).maskingZero(), ids);
  }

  private static void agree(Wiring wiring) {
    GraphBuilder g = new GraphBuilder();
    Value first = g.input("first", Shape.of(STEPS));
    Value second = g.input("second", Shape.of(STEPS));
    g.output(g.apply(Dense.of(2), wiring.of(g, first, second)));
    ModelSpec spec = new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    float[] ids = new float[SAMPLES * 2 * STEPS];
    for (int i = 0; i < ids.length; i++) {
      boolean counts = i % STEPS < LENGTHS[i / STEPS / 2][i / STEPS % 2];
      ids[i] = counts ? 1 + i * 7 % 31 % (TOKENS - 1) : 0;
    }
    Random random = new Random(1);
    float[] targets = Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1));
    Dataset data = Dataset.of(spec.inputs(), ids, List.of(Targets.of(targets, SAMPLES, 2)));
    TwoBackends.agree(spec, data, 4, TOLERANCE);
  }

  /** A mask of the value alone, of both, with steps that lie ahead, and one that is told. */
  @Test
  void stepsOfTheValueAreHiddenAndThoseOfTheQueryAreZeros() {
    agree(
        (g, first, second) -> {
          Value a = embed(g, first);
          Value b = embed(g, second);
          Value bare = g.apply(Embedding.of(TOKENS, 4), first);
          Value products = g.apply(Attention.create(), a, b);
          Value ahead = g.apply(new Attention(true, ScoreMode.CONCAT, true), bare, b, bare);
          Value sums = g.apply(AdditiveAttention.create(), b, a);
          Value told = g.share(Attention.create()).applyUnder(List.of(b, a), bare, bare).getFirst();
          return g.apply(
              Concatenate.FEATURES,
              g.apply(new Flatten(), products),
              g.apply(Lstm.of(3), products),
              g.apply(SimpleRnn.of(3), ahead),
              g.apply(SimpleRnn.of(3), sums),
              g.apply(new Flatten(), told));
        });
  }

  /**
   * Heads of two and of three masked values, which take the masks away from others. Masked steps of
   * a query are looked at, too, by what knows no mask.
   */
  @Test
  void headsSeeNothingOfWhatIsMasked() {
    agree(
        (g, first, second) -> {
          MultiHeadAttention heads = MultiHeadAttention.of(2, 3);
          Value two = g.apply(heads, embed(g, first), embed(g, second));
          Value three =
              g.apply(
                  heads.withValueDim(2).seeingNothingAhead(),
                  g.apply(Embedding.of(TOKENS, 3), first),
                  g.apply(Embedding.of(TOKENS, 4), first),
                  embed(g, second));
          Value none = g.apply(heads.withDropout(0.3), embed(g, first), embed(g, second));
          Value itself = embed(g, first);
          Value drops = g.apply(heads.withDropout(0.3), itself, itself);
          Value again = g.apply(heads, itself, drops);
          return g.apply(
              Concatenate.FEATURES,
              g.apply(new Flatten(), two),
              g.apply(new Flatten(), none),
              g.apply(SimpleRnn.of(3), three),
              g.apply(SimpleRnn.of(3), again));
        });
  }
}
