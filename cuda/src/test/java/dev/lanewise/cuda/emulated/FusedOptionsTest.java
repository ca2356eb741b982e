package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the fused kernels do by option, beside the CPU: samples that go backwards, as floats and as
 * bytes, layers without biases, and each activation. Rows are odd, so that the last block has one.
 */
@Tag("emulated")
class FusedOptionsTest {
  /** Four updates of sums of 3 x 4 rows' products of 20 terms: sqrt(1,000) u. */
  private static final double TOLERANCE = 4e-6;

  private static final Shape INPUT = Shape.of(4, 5);
  private static final int SAMPLES = 5;
  private static final int BATCH = 3;
  private static final int CLASSES = 3;

  record Option(Layer layer, Dense dense, boolean bytes) {}

  static Stream<Option> options() {
    Dense softmax = Dense.of(CLASSES, Activation.SOFTMAX);
    SimpleRnn layer = SimpleRnn.of(13);
    return Stream.of(
        new Option(layer.goingBackwards(), softmax, false),
        new Option(layer.goingBackwards(), softmax, true),
        new Option(layer.withoutBias(), softmax, true),
        new Option(layer, softmax.withoutBias(), false),
        new Option(layer.withActivation(Activation.SIGMOID).withoutBias(), softmax, false),
        new Option(layer.withActivation(Activation.RELU).goingBackwards(), softmax, false),
        new Option(layer.withActivation(Activation.LINEAR), softmax.withoutBias(), true));
  }

  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void forget() {
    Emulation.forget();
  }

  @ParameterizedTest
  @MethodSource("options")
  void eachAgreesWithTheCpu(Option option) {
    ModelSpec spec =
        new ModelSpec(
            INPUT,
            List.of(option.layer(), option.dense()),
            Loss.CATEGORICAL_CROSSENTROPY,
            Sgd.of(0.1));
    assertThat(new CudaBackend().pathOf(spec)).startsWith("fused");
    Random random = new Random(3);
    int values = SAMPLES * Math.toIntExact(INPUT.elementCount());
    int[] labels = random.ints(SAMPLES, 0, CLASSES).toArray();
    Dataset data;
    if (option.bytes()) {
      byte[] bytes = new byte[values];
      random.nextBytes(bytes);
      data = Dataset.ofBytes(INPUT, bytes, labels, CLASSES);
    } else {
      float[] floats = Floats.of(Configurations.randoms(random, values, 1));
      data = Dataset.of(INPUT, floats, labels, CLASSES);
    }
    TwoBackends.agree(spec, data, BATCH, TOLERANCE);
  }
}
