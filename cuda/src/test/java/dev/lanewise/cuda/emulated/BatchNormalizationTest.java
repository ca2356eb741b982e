package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.ParameterRule;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Statistics of batches, those that follow them, and their gradients, beside the CPU's. */
@Tag("emulated")
class BatchNormalizationTest {
  /** Statistics are float32 here and double there, over at most 195 values. */
  private static final double TOLERANCE = 3e-5;

  private static final int SAMPLES = 5;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static Dataset data(Shape input) {
    Random random = new Random(1);
    return Dataset.of(
        input,
        Floats.of(Configurations.randoms(random, SAMPLES * input.elementCount(), 1)),
        Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
        2);
  }

  /** Of 195 rows and then 130: several slices, the last shorter. */
  @Test
  void slicesOfRowsAreJoined() {
    Shape input = Shape.of(65, 3);
    List<Layer> layers =
        List.of(
            BatchNormalization.withDefaults(),
            Dense.of(4, Activation.TANH),
            BatchNormalization.withDefaults().withMomentum(0.7).withEpsilon(0.01),
            Gru.of(3),
            Dense.of(2));
    ModelSpec spec = new ModelSpec(input, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    TwoBackends.agree(spec, data(input), 3, TOLERANCE);
  }

  /**
   * Steps that are masked have no part in the statistics; a layer that is called twice has both.
   */
  @Test
  void underAMaskAndInTwoPlaces() {
    Shape input = Shape.of(67, 3);
    GraphBuilder g = new GraphBuilder();
    GraphBuilder.Shared norm = g.share(BatchNormalization.withDefaults().withMomentum(0.7));
    GraphBuilder.Value x = g.apply(new Masking(-1), g.input("x", input));
    GraphBuilder.Value dense = g.apply(Dense.of(3, Activation.TANH), norm.apply(x));
    GraphBuilder.Value again = g.apply(new ActivationLayer(Activation.TANH), norm.apply(dense));
    GraphBuilder.Value frozen = g.apply(BatchNormalization.withDefaults().frozen(), again);
    Layer each = new TimeDistributed(BatchNormalization.withDefaults()).frozen();
    g.output(g.apply(Dense.of(2), g.apply(Gru.of(3), g.apply(each, frozen))));
    ModelSpec spec = new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    Random random = new Random(3);
    float[] inputs = Floats.of(Configurations.randoms(random, SAMPLES * input.elementCount(), 1));
    for (int step = 0; step < SAMPLES * 67; step++) {
      if (step < 100 || random.nextInt(3) == 0) { // the first slice, of a sample and a half, too
        Arrays.fill(inputs, step * 3, step * 3 + 3, -1);
      }
    }
    float[] targets = Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1));
    TwoBackends.agree(spec, Dataset.of(input, inputs, targets, 2), 3, TOLERANCE);
  }

  /**
   * With and without what is learnt, under penalties, and frozen, at each step too. Functions lie
   * between: what the next one would take off again has gradients of rounding alone.
   */
  @Test
  void everyForm() {
    Shape input = Shape.of(4, 3);
    BatchNormalization usual = BatchNormalization.withDefaults().withMomentum(0.8);
    ParameterRule penalized =
        ParameterRule.of(Initializer.ONES).withRegularizer(Regularizer.l2(0.1));
    ModelSpec spec =
        new ModelSpec(
            input,
            List.of(
                Dense.of(35, Activation.TANH),
                usual.withoutScale(),
                Dense.of(4, Activation.TANH),
                usual.withoutCenter(),
                new ActivationLayer(Activation.SIGMOID),
                usual.withoutCenter().withoutScale(),
                new ActivationLayer(Activation.TANH),
                usual.withGamma(penalized).withBeta(penalized),
                new TimeDistributed(usual).frozen(),
                usual.frozen(),
                Gru.of(5),
                usual.withoutCenter().withoutScale().frozen(),
                Dense.of(2)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    TwoBackends.agree(spec, data(input), 3, TOLERANCE);
  }
}
