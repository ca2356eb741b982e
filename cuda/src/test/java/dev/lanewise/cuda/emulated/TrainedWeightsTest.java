package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which weights are trained, and what their size costs, beside the CPU's. */
@Tag("emulated")
class TrainedWeightsTest {
  /** Four updates of sums that are shorter than 300 terms, each within a few roundings. */
  private static final double TOLERANCE = 1e-5;

  private static final Shape INPUT = Shape.of(4, 3);
  private static final int SAMPLES = 7;
  private static final Regularizer BOTH = new Regularizer(0.02, 0.03);

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static Dataset data() {
    Random random = new Random(1);
    return Dataset.of(
        INPUT,
        Floats.of(Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1)),
        Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
        2);
  }

  private static ModelSpec spec(Optimizer optimizer, Layer... layers) {
    return new ModelSpec(INPUT, List.of(layers), Loss.MEAN_SQUARED_ERROR, optimizer);
  }

  private static Regularizers all() {
    return Regularizers.NONE
        .withKernel(Regularizer.l2(0.05))
        .withRecurrent(Regularizer.l1(0.04))
        .withBias(BOTH);
  }

  /** Each has a penalty beside weights without; gradients are limited with what penalties add. */
  @Test
  void penaltiesJoinLossesAndGradients() {
    Regularizers dense = Regularizers.NONE.withKernel(BOTH);
    TwoBackends.agree(
        spec(
            Adam.withDefaults().withClipping(GradientClipping.globalNorm(0.5)),
            Lstm.of(5).returningSequences().withRegularizers(all()),
            LayerNormalization.withDefaults(),
            Gru.of(17).withRegularizers(all()),
            Dense.of(2).withRegularizers(dense)),
        data(),
        4,
        TOLERANCE);
  }

  /** Such a model would be the fused kernels', which add nothing to gradients. */
  @Test
  void penaltiesKeepAModelFromTheFusedPath() {
    ModelSpec spec =
        new ModelSpec(
            INPUT,
            List.of(SimpleRnn.of(5).withRegularizers(all()), Dense.of(2, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Sgd.of(0.1));
    assertThat(new CudaBackend().pathOf(spec)).startsWith("general: penalties");
    float[] inputs =
        Floats.of(Configurations.randoms(new Random(1), SAMPLES * INPUT.elementCount(), 1));
    Dataset data = Dataset.of(INPUT, inputs, new int[] {0, 1, 1, 0, 1, 0, 0}, 2);
    TwoBackends.agree(spec, data, 4, TOLERANCE);
  }

  /** Frozen layers below, between and above those that learn, of all kinds that have weights. */
  @Test
  void frozenLayersStayAsTheyAre() {
    TwoBackends.agree(
        spec(
            Adam.withDefaults().withClipping(GradientClipping.norm(0.5)),
            Dense.of(4).withRegularizers(Regularizers.NONE.withKernel(BOTH)).frozen(),
            Dropout.of(0.3),
            Lstm.of(5).returningSequences(),
            Bidirectional.of(Gru.of(4).returningSequences()).frozen(),
            LayerNormalization.withDefaults().frozen(),
            SimpleRnn.of(6),
            Dense.of(3).frozen(),
            Dense.of(2)),
        data(),
        4,
        TOLERANCE);
  }

  /** Nothing is updated, and so what is dropped is the same in every batch, as on the CPU. */
  @Test
  void aModelInWhichNothingLearnsGoesThroughItsBatches() {
    ModelSpec frozen =
        spec(
            Sgd.of(0.1),
            Dropout.of(0.4),
            Gru.of(5).frozen(),
            Dense.of(2).withRegularizers(Regularizers.NONE.withKernel(BOTH)).frozen());
    TwoBackends.agree(frozen, data(), 3, TOLERANCE);
    assertThat(iterations(new CudaBackend(), frozen)).isZero();
    assertThat(iterations(Backends.named("cpu"), frozen)).isZero();
  }

  private static long iterations(Backend backend, ModelSpec spec) {
    try (Plan plan = backend.compile(spec, new PlanOptions(4, 1))) {
      List<float[]> values = new ArrayList<>();
      spec.parameters().forEach(each -> values.add(new float[(int) each.shape().elementCount()]));
      plan.load(Parameters.initial(values));
      plan.bind(data());
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), 4);
      plan.step(2, new Totals());
      return plan.snapshot().iterations();
    }
  }

  /** What lies beside the weights that are trained is as it was loaded, bit for bit. */
  @Test
  void frozenWeightsKeepTheirBits() {
    ModelSpec spec = spec(Sgd.of(0.5), Gru.of(5).frozen(), Dense.of(3), Dense.of(2).frozen());
    Random random = new Random(2);
    List<float[]> values = new ArrayList<>();
    spec.parameters()
        .forEach(
            each ->
                values.add(
                    Floats.of(Configurations.randoms(random, each.shape().elementCount(), 1))));
    try (Plan plan = new GeneralPath().compile(spec, new PlanOptions(4, 1))) {
      plan.load(Parameters.initial(values));
      plan.bind(data());
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), 4);
      plan.step(2, new Totals());
      List<float[]> left = plan.snapshot().values();
      for (int i = 0; i < values.size(); i++) {
        boolean learns = spec.parameters().get(i).trainable();
        assertThat(Arrays.equals(left.get(i), values.get(i))).isEqualTo(!learns);
      }
      assertThat(plan.gradients()).hasSize(2);
    }
  }
}
