package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many rows a pass takes is the device's business: nobody waits for more passes, or for graphs.
 */
@Tag("emulated")
class PassRowsTest {
  private static final ModelSpec SPEC = model(Shape.of(2, 3));

  @BeforeEach
  void load() {
    Emulation.require();
    Emulation.forget();
  }

  @AfterEach
  void nothingIsWrongOrLeftBehind() {
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
    Emulation.forget();
  }

  private static ModelSpec model(Shape input) {
    return new ModelSpec(
        input,
        List.of(SimpleRnn.of(5), Dense.of(4, Activation.SOFTMAX)),
        Loss.CATEGORICAL_CROSSENTROPY,
        Adam.withDefaults());
  }

  /** The general path, which is emulated in less time, has samples for more than one pass. */
  static Stream<Arguments> paths() {
    return Stream.of(
        Arguments.of(new CudaBackend(), 40, 1), Arguments.of(new GeneralPath(), 1_030, 2));
  }

  private static Parameters start(ModelSpec spec) {
    Random random = new Random(1);
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      values.add(floats(random, (int) parameter.shape().elementCount()));
    }
    return Parameters.initial(values);
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static Dataset data(int samples) {
    Random random = new Random(2);
    return Dataset.of(
        Shape.of(2, 3), floats(random, samples * 6), random.ints(samples, 0, 4).toArray(), 4);
  }

  /** What an evaluation and answers gave, and how many kernels that took. */
  private record Found(double[] totals, float[] outputs, long evaluated, long answered) {}

  private static Found evaluated(Plan plan, int samples) {
    plan.load(start(SPEC));
    plan.snapshot(); // waits for what loading has launched
    Totals totals = new Totals();
    float[] outputs = new float[samples * 4];
    long before = Emulation.launches();
    plan.evaluate(data(samples), 3, totals);
    long between = Emulation.launches();
    plan.predict(data(samples), 3, outputs);
    return new Found(totals.toArray(), outputs, between - before, Emulation.launches() - between);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void evaluationTakesManyRowsAtATimeWhateverTheBatchAndHasTheSameBits(
      Backend backend, int samples, int passes) {
    Found roomy;
    Found tight;
    try (Plan plan = backend.compile(SPEC, new PlanOptions(3, 1))) {
      roomy = evaluated(plan, samples);
      assertThat(plan.bytes()).isGreaterThan(200_000);
    }
    Emulation.device(1, 12020, 250_000); // too little for 1,024 rows
    try (Plan plan = backend.compile(SPEC, new PlanOptions(3, 1))) {
      assertThat(plan.bytes()).isLessThan(100_000);
      tight = evaluated(plan, samples);
    }
    assertThat(roomy.totals()).isEqualTo(tight.totals());
    assertThat(roomy.outputs()).isEqualTo(tight.outputs());
    long batches = Math.ceilDiv(samples, 3);
    assertThat(roomy.evaluated()).isEqualTo(tight.evaluated() / batches * passes);
    assertThat(roomy.answered()).isEqualTo(tight.answered() / batches * passes);
  }

  @Test
  void predictorThatIsAskedInManySizesRecordsFewGraphs() {
    Random random = new Random(3);
    float[] inputs = floats(random, 40 * 6);
    float[] expected = new float[40 * 4];
    byte[] pixels = new byte[40 * 6];
    random.nextBytes(pixels);
    float[] ofPixels = new float[40 * 4];
    try (Predictor predictor = new CudaBackend().predictor(SPEC, start(SPEC), 1)) {
      for (int i = 0; i < 40; i++) {
        float[] one = new float[4];
        predictor.predict(Arrays.copyOfRange(inputs, i * 6, i * 6 + 6), one);
        System.arraycopy(one, 0, expected, i * 4, 4);
        predictor.predict(Arrays.copyOfRange(pixels, i * 6, i * 6 + 6), one);
        System.arraycopy(one, 0, ofPixels, i * 4, 4);
      }
      for (int round = 0; round < 2; round++) {
        for (int size = 1; size <= 40; size++) {
          float[] outputs = new float[size * 4];
          predictor.predict(Arrays.copyOf(inputs, size * 6), outputs);
          assertThat(outputs).isEqualTo(Arrays.copyOf(expected, size * 4));
          predictor.predict(Arrays.copyOf(pixels, size * 6), outputs);
          assertThat(outputs).isEqualTo(Arrays.copyOf(ofPixels, size * 4));
        }
      }
    }
    // 1, 2, 4, 8, 16, 32 and 64 rows
    assertThat(Emulation.called("cuGraphInstantiateWithFlags")).isEqualTo(7);
  }

  @Test
  void theFeedFillsItsBlocks() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(28, 28), List.of(Dense.of(4)), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
    try (Predictor predictor = new CudaBackend().predictor(spec, start(spec), 1)) {
      predictor.predict(new byte[784], new float[112]); // waits for what loading has launched
      long before = Emulation.blocks();
      predictor.predict(new byte[784], new float[112]);
      // 28 rows of 28 values, four to a block; gemm_forward, collect_outputs
      assertThat(Emulation.blocks() - before).isEqualTo(7 + 2);
    }
  }
}
