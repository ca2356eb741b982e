package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers between recurrent ones, beside the CPU's. */
@Tag("emulated")
class LayersTest {
  /** Four updates of sums that are shorter than 300 terms, each within a few roundings. */
  private static final double TOLERANCE = 1e-5;

  private static final Shape INPUT = Shape.of(7, 3);
  private static final int SAMPLES = 7;

  static Stream<Layer> layers() {
    return Stream.of(
        LayerNormalization.withDefaults(),
        LayerNormalization.of(1e-5, true, false),
        LayerNormalization.of(1e-3, false, true),
        LayerNormalization.of(1e-3, false, false),
        new LeakyRelu(0.2),
        new Rescaling(2, -0.5),
        Gru.of(5).withDropout(0.4, 0).returningSequences(),
        MaxPooling1D.of(2),
        MaxPooling1D.of(3).withStrides(2).withPadding(Padding.SAME),
        AveragePooling1D.of(3).withStrides(1),
        AveragePooling1D.of(4).withStrides(3).withPadding(Padding.SAME),
        GlobalMaxPooling1D.withDefaults(),
        GlobalAveragePooling1D.withDefaults());
  }

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** The fused kernels drop nothing: such a model is not for them. */
  @Test
  void droppedInputsKeepAModelFromTheFusedPath() {
    List<Layer> layers =
        List.of(SimpleRnn.of(5).withDropout(0.4, 0), Dense.of(2, Activation.SOFTMAX));
    Loss loss = Loss.CATEGORICAL_CROSSENTROPY;
    ModelSpec spec = new ModelSpec(INPUT, layers, loss, Sgd.of(0.1));
    float[] inputs =
        Floats.of(Configurations.randoms(new Random(1), SAMPLES * INPUT.elementCount(), 1));
    Dataset data = Dataset.of(INPUT, inputs, new int[] {0, 1, 1, 0, 1, 0, 0}, 2);
    assertThat(new CudaBackend().pathOf(spec)).startsWith("general");
    TwoBackends.agree(spec, data, 4, TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void updatesAgreeWithTheCpus(Layer layer) {
    List<Layer> layers =
        List.of(Lstm.of(34).returningSequences(), layer, new Flatten(), Dense.of(2));
    ModelSpec spec = new ModelSpec(INPUT, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            INPUT,
            Floats.of(Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
            2);
    TwoBackends.agree(spec, data, 4, TOLERANCE);
  }
}
