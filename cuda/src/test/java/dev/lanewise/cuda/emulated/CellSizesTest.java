package dev.lanewise.cuda.emulated;

import dev.lanewise.cuda.network.RnnTiles;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gated cells, step by step, in sizes at the edges of the kernels' tiles, which have 32 rows and 64
 * states or 16 units with their gates, and dropout, whose draws are the CPU's.
 */
@Tag("emulated")
class CellSizesTest {
  /** Two updates; the longest sum has 34 x 3 steps' products of 4 x 70 terms: sqrt(30,000) u. */
  private static final double TOLERANCE = 1.2e-5;

  private static final Shape INPUT = Shape.of(3, 5);

  record Sizes(Layer layer, int samples) {}

  static Stream<Sizes> sizes() {
    return Stream.of(
        new Sizes(Lstm.of(16), 33),
        new Sizes(Lstm.of(33), 32),
        new Sizes(Lstm.of(65), 34),
        new Sizes(Gru.of(17), 33),
        new Sizes(Gru.of(65), 2),
        new Sizes(Gru.of(64).resettingBefore(), 33),
        new Sizes(Gru.of(66).resettingBefore(), 1),
        new Sizes(Bidirectional.of(Lstm.of(40)), 3),
        new Sizes(SimpleRnn.of(65).withDropout(0.3, 0.4), 33),
        new Sizes(Lstm.of(33).withDropout(0.2, 0.3), 34),
        new Sizes(Gru.of(17).withDropout(0, 0.4), 33),
        new Sizes(Gru.of(66).resettingBefore().withDropout(0.3, 0.2), 3));
  }

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
    System.setProperty(RnnTiles.PROPERTY, "general");
  }

  @AfterAll
  static void clear() {
    System.clearProperty(RnnTiles.PROPERTY);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void updatesAgreeWithTheCpus(Sizes sizes) {
    List<Layer> layers = List.of(Dense.of(4), Dropout.of(0.3), sizes.layer(), Dense.of(3));
    ModelSpec spec = new ModelSpec(INPUT, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    Random random = new Random(1);
    long inputs = sizes.samples() * INPUT.elementCount();
    Dataset data =
        Dataset.of(
            INPUT,
            Floats.of(Configurations.randoms(random, inputs, 1)),
            Floats.of(Configurations.randoms(random, sizes.samples() * 3L, 1)),
            3);
    TwoBackends.agree(spec, data, sizes.samples(), TOLERANCE);
  }
}
