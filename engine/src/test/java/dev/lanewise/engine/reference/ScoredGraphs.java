package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/** Attentions whose scores are read beside what is attended, by themselves, and by nobody. */
final class ScoredGraphs {
  private ScoredGraphs() {}

  static Stream<GraphConfigurations> all() {
    return Stream.of(
            Attention.create().givingScores(),
            new Attention(true, ScoreMode.CONCAT, false).givingScores(),
            AdditiveAttention.create().givingScores(),
            MultiHeadAttention.of(2, 3).seeingNothingAhead().givingScores(),
            MultiHeadAttention.of(3, 2).withDropout(0.25).givingScores())
        .flatMap(layer -> Stream.of(scores(layer, 0b11), scores(layer, 0b10), scores(layer, 0b01)));
  }

  private static GraphConfigurations scores(Merge layer, int read) {
    return GraphConfigurations.of(
        layer + " of which are read " + read,
        g -> {
          Value x = g.apply(new ActivationLayer(Activation.RELU), g.input("x", Shape.of(4, 2)));
          Value steps = g.apply(Gru.of(4).returningSequences(), g.apply(Masking.ofZeros(), x));
          Value other = g.apply(new ActivationLayer(Activation.RELU), g.input("q", Shape.of(3, 2)));
          Value query = g.apply(Masking.ofZeros(), g.apply(Dense.of(4), other));
          List<Value> both = g.share(layer).applyAll(query, steps);
          Value y = GraphConfigurations.flat(g, both.get((read & 1) == 0 ? 1 : 0));
          Value all =
              read == 3
                  ? g.apply(Pointwise.MULTIPLY, y, GraphConfigurations.flat(g, both.get(1)))
                  : y;
          g.output(g.apply(Dense.of(3), all));
        });
  }
}
