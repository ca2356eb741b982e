package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reshape;
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

/** Models in which layers do not simply follow one another, beside the CPU's. */
@Tag("emulated")
class GraphsTest {
  /** Four updates of sums that are shorter than 100 terms, each within a few roundings. */
  private static final double TOLERANCE = 2e-5;

  private static final int SAMPLES = 5;
  private static final Shape INPUT = Shape.of(4, 3);

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
    GraphBuilder builder = new GraphBuilder();
    Value last = wiring.of(builder, builder.input("x", INPUT));
    builder.output(builder.apply(Dense.of(2), last));
    ModelSpec spec =
        new ModelSpec(builder.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            INPUT,
            Floats.of(Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
            2);
    TwoBackends.agree(spec, data, 3, TOLERANCE);
  }

  /** The samples have three readers, `h` four, one of which reads it twice. */
  @Test
  void readersAddTheirGradients() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH), x);
          Value twice = g.apply(Pointwise.MULTIPLY, h, h);
          Value gru = g.apply(Gru.of(5).returningSequences(), h);
          Value sum = g.apply(Pointwise.ADD, h, gru, twice);
          Value rnn = g.apply(SimpleRnn.of(4).returningSequences(), x);
          Value all = g.apply(Concatenate.FEATURES, sum, x, rnn);
          return g.apply(Lstm.of(6), all);
        });
  }

  /**
   * A size of 1 is repeated, as is a value without steps; what is the larger twice is the first's.
   */
  @Test
  void elementsOfSeveralValues() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH), x);
          Value one = g.apply(Dense.of(1), h);
          Value still = g.apply(SimpleRnn.of(5), x);
          Value number = g.apply(Dense.of(1), still);
          Value difference = g.apply(Pointwise.SUBTRACT, still, h);
          Value product = g.apply(Pointwise.MULTIPLY, one, still, number, h);
          Value mean = g.apply(Pointwise.AVERAGE, number, product, difference, h);
          Value most = g.apply(Pointwise.MAXIMUM, h, mean, h, one);
          Value least = g.apply(Pointwise.MINIMUM, most, difference, mean, difference);
          Value alone = g.apply(Pointwise.AVERAGE, least);
          return g.apply(new Flatten(), g.apply(Pointwise.ADD, alone, number));
        });
  }

  @Test
  void valuesSideBySide() {
    agree(
        (g, x) -> {
          Value wide = g.apply(Dense.of(35), x);
          Value h = g.apply(Dense.of(3, Activation.TANH), wide);
          Value steps = g.apply(new Concatenate(1), x, h, g.apply(Dense.of(3), h));
          Value picture = g.apply(new Reshape(List.of(2, 2, 3)), h);
          Value other = g.apply(Dense.of(3), picture);
          Value below = g.apply(new Concatenate(1), picture, other);
          Value beside = g.apply(new Concatenate(2), other, picture, other);
          Value features = g.apply(new Concatenate(3), picture, other);
          return g.apply(
              Concatenate.FEATURES,
              g.apply(Lstm.of(4), steps),
              g.apply(new Flatten(), below),
              g.apply(new Flatten(), beside),
              g.apply(new Flatten(), features));
        });
  }

  /** Below the lowest that learns nothing goes back, whatever reads it. */
  @Test
  void whatDoesNotLearnIsReadTwice() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH).frozen(), x);
          Value product = g.apply(Pointwise.MULTIPLY, h, g.apply(Dense.of(5), h));
          Value frozen = g.apply(Lstm.of(5).frozen(), product);
          return g.apply(Pointwise.ADD, frozen, g.apply(SimpleRnn.of(5), product));
        });
  }
}
