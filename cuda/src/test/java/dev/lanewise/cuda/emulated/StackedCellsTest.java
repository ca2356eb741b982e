package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Rnn;
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

/** Cells one upon the other within a layer, beside the CPU's. */
@Tag("emulated")
class StackedCellsTest {
  /** Four updates of sums that are shorter than 100 terms, each within a few roundings. */
  private static final double TOLERANCE = 1e-5;

  private static final Shape INPUT = Shape.of(4, 3);
  private static final int SAMPLES = 5;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** Each drops inputs of its own; the lowest alone reads from the end. */
  @Test
  void cellsAreLayersOneUponTheOther() {
    Rnn from =
        Rnn.of(Lstm.of(4).withDropout(0.3, 0), Gru.of(5).withDropout(0.3, 0), SimpleRnn.of(3))
            .goingBackwards()
            .returningSequences();
    ModelSpec spec =
        new ModelSpec(
            INPUT,
            List.of(
                from,
                Rnn.of(Gru.of(4)).returningSequences(),
                Rnn.of(SimpleRnn.of(3), Lstm.of(4).withDropout(0.2, 0)).frozen(),
                Dense.of(2)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            INPUT,
            Floats.of(Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
            2);
    TwoBackends.agree(spec, data, 3, TOLERANCE);
  }
}
