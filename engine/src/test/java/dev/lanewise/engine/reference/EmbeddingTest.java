package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of vectors for tokens: values, gradients, bits, and numbers that are no ids. */
class EmbeddingTest {
  private static final int STEPS = 7;
  private static final int ROWS = 40;
  private static final int SAMPLES = 58; // four shards, the last not full
  private static final Shape INPUT = Shape.of(STEPS);
  private static final Embedding TABLE = Embedding.of(ROWS, 19);

  private final Random random = new Random(5);
  private final double[] ids = ids(random);
  private final double[] t = Configurations.randoms(random, SAMPLES * 3L, 1);

  /** Padding in front, some ids many times, and some never. */
  private static double[] ids(Random random) {
    double[] ids = new double[SAMPLES * STEPS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i % STEPS < i / STEPS % 3 ? 0 : 3 + random.nextInt(random.nextInt(1, ROWS - 3));
    }
    return ids;
  }

  private static List<Layer> stack(Layer table) {
    return List.of(table, Lstm.of(9), Dense.of(3));
  }

  private static ModelSpec spec(Layer table, Optimizer optimizer) {
    return new ModelSpec(INPUT, stack(table), Loss.MEAN_SQUARED_ERROR, optimizer);
  }

  private static List<double[]> weights(List<Layer> stack) {
    return new Configurations("", INPUT, stack, Loss.MEAN_SQUARED_ERROR).weights(new Random(6));
  }

  private Dataset data() {
    return Dataset.of(INPUT, Floats.of(ids), Floats.of(t), 3);
  }

  private Plan plan(ModelSpec spec, int batch, int threads) {
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(batch, threads, 3));
    plan.load(Parameters.initial(weights(spec.layers()).stream().map(Floats::of).toList()));
    plan.bind(data());
    plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), batch);
    return plan;
  }

  @ParameterizedTest
  @CsvSource({"0, 58", "0.01, 58", "0, 22"})
  void gradientsAreTheReferencesInEveryBatch(double l2, int batch) {
    Embedding table = l2 == 0 ? TABLE : TABLE.withRegularizer(Regularizer.l2(l2));
    List<double[]> weights = weights(stack(table));
    ReferenceModel reference = new ReferenceModel(INPUT, stack(table), weights);
    try (Plan plan = plan(spec(table, Sgd.of(1e-30)), batch, 2)) { // whose weights stay
      for (int from = 0; from < SAMPLES; from += batch) {
        plan.step(1, new Totals());
        int to = Math.min(SAMPLES, from + batch);
        double[] y = reference.forward(java.util.Arrays.copyOfRange(ids, from * STEPS, to * STEPS));
        double[] dy = new double[y.length];
        for (int i = 0; i < y.length; i++) {
          dy[i] = 2 * (y[i] - t[from * 3 + i]) / y.length;
        }
        List<double[]> expected = reference.backward(dy, Shape.of(3), to - from).weights();
        for (int i = 0; i < expected.size(); i++) {
          for (int k = 0; k < expected.get(i).length; k++) {
            double penalty = i == 0 ? 2 * l2 * weights.get(0)[k] : 0;
            assertThat((double) plan.gradients().get(i)[k])
                .as("weight %d, %d", i, k)
                .isCloseTo(expected.get(i)[k] + penalty, within(2e-6));
          }
        }
      }
    }
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Adam.of(0.01),
        Sgd.of(0.1, 0.9).withClipping(GradientClipping.value(1e-3)),
        Adam.of(0.01).withClipping(GradientClipping.globalNorm(1e-2)));
  }

  /** Half of the batches are the last, which has fewer samples and shards. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void bitsDoNotDependOnTheThreads(Optimizer optimizer) {
    List<List<float[]>> runs = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (Plan plan = plan(spec(TABLE, optimizer), 32, threads)) {
        for (int epoch = 0; epoch < 3; epoch++) {
          plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), 32);
          plan.step(2, new Totals());
        }
        runs.add(plan.snapshot().values());
      }
    }
    for (int i = 0; i < runs.getFirst().size(); i++) {
      assertThat(runs.get(1).get(i)).containsExactly(runs.get(0).get(i));
      assertThat(runs.get(2).get(i)).containsExactly(runs.get(0).get(i));
    }
  }

  /**
   * The norm of tokens' gradients, one by one, is what is limited; the sum is shorter or longer.
   */
  @Test
  void aNormIsOfTheTokensGradients() {
    double[][] norms = new double[2][];
    for (int i = 0; i < 2; i++) {
      Embedding table = i == 0 ? TABLE : TABLE.withRegularizer(Regularizer.l2(1e-30));
      Optimizer limited = Sgd.of(1e-30).withClipping(GradientClipping.norm(1e-4));
      try (Plan plan = plan(spec(table, limited), SAMPLES, 2)) {
        plan.step(1, new Totals());
        norms[i] = plan.gradients().stream().mapToDouble(EmbeddingTest::norm).toArray();
      }
    }
    assertThat(norms[1][0]).isCloseTo(1e-4, within(1e-9)); // a penalty makes it one gradient
    assertThat(Math.abs(norms[0][0] - 1e-4)).isGreaterThan(1e-5);
    assertThat(norms[0][1]).isCloseTo(1e-4, within(1e-9));
  }

  /** Tokens' squares are summed of gradients of tokens; those under one norm are of rows. */
  @Test
  void whatIsUnderAGlobalNormIsSquaredAsASum() {
    Optimizer alone = Adam.of(0.01);
    Optimizer together = Adam.of(0.01).withClipping(GradientClipping.globalNorm(1e9));
    Embedding whole = TABLE.withRegularizer(Regularizer.l2(1e-30));
    float[] sums = afterABatch(whole, alone);
    assertThat(afterABatch(TABLE, together)).containsExactly(sums);
    assertThat(afterABatch(TABLE, alone)).isNotEqualTo(sums);
  }

  private float[] afterABatch(Embedding table, Optimizer optimizer) {
    try (Plan plan = plan(spec(table, optimizer), SAMPLES, 2)) {
      plan.step(1, new Totals());
      return plan.snapshot().slots().get(1).values().getFirst(); // of Adam the mean of squares
    }
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  @Test
  void aFrozenTableStaysAndWhatIsAboveLearnsTheSame() {
    try (Plan trained = plan(spec(TABLE, Sgd.of(0.1)), SAMPLES, 2);
        Plan frozen = plan(spec(TABLE.frozen(), Sgd.of(0.1)), SAMPLES, 2)) {
      float[] table = frozen.snapshot().values().getFirst();
      trained.step(1, new Totals());
      frozen.step(1, new Totals());
      assertThat(frozen.snapshot().values().getFirst()).containsExactly(table);
      for (int i = 1; i < 5; i++) {
        assertThat(frozen.gradients().get(i - 1)).containsExactly(trained.gradients().get(i));
      }
      assertThat(frozen.bytes()).isLessThan(trained.bytes() - SAMPLES * STEPS * 19L * 4);
    }
  }

  /** Shards' gradients of so many rows would be 16 times as much. */
  @Test
  void memoryGoesWithTheTokensAndOneGradient() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(10),
            List.of(Embedding.of(20_000, 64), new SpatialDropout(0.2, 1), Lstm.of(8), Dense.of(1)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    long table = 20_000L * 64 * 4;
    long bytes = new CpuBackend().planBytes(spec, new PlanOptions(400, 1));
    assertThat(bytes).isBetween(3 * table, 4 * table); // weights, gradient, squares
  }

  @ParameterizedTest
  @CsvSource({"40, 40", "-1, -1", "2.5, 2.5", "1e9, 1000000000", "-0.5, -0.5"})
  void whatIsNoIdIsRefusedBeforeAnythingIsDone(float bad, String shown) {
    float[] x = Floats.of(ids);
    x[33 * STEPS + 4] = bad;
    Dataset data = Dataset.of(INPUT, x, Floats.of(t), 3);
    String message =
        "data: sample 33, step 4: the id of a token must be a whole number from 0 to 39, the"
            + " Embedding's input_dim being 40, found "
            + shown;
    ModelSpec spec = spec(TABLE, Adam.of(0.1));
    try (Plan plan = plan(spec, SAMPLES, 1)) {
      refuses(message, () -> plan.bind(data));
      refuses(message, () -> plan.evaluate(data, 9, new Totals()));
      refuses(message, () -> plan.predict(data, 9, new float[SAMPLES * 3]));
      refuses(message.replace("sample 33", "sample 3"), () -> plan.bind(data.slice(30, SAMPLES)));
      plan.bind(data.slice(0, 33));
    }
    Parameters start = Parameters.initial(weights(stack(TABLE)).stream().map(Floats::of).toList());
    try (Predictor predictor = new CpuBackend().predictor(spec, start, 2)) {
      refuses(message, () -> predictor.predict(x, new float[SAMPLES * 3]));
      assertThatThrownBy(() -> predictor.predict(new byte[STEPS], new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found bytes");
    }
    Dataset pixels = Dataset.ofBytes(INPUT, new byte[STEPS], new int[1], 3);
    try (Plan plan = plan(spec, SAMPLES, 1)) {
      assertThatThrownBy(() -> plan.predict(pixels, 1, new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found bytes");
    }
  }

  private static void refuses(String message, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  /** Arrays are the user's, who may change them after all: memory outside is not read even then. */
  @Test
  void anIdThatChangesLaterReadsNothingOutside() {
    float[] x = Floats.of(ids);
    try (Plan plan = plan(spec(TABLE, Sgd.of(0.1)), SAMPLES, 1)) {
      plan.bind(Dataset.of(INPUT, x, Floats.of(t), 3));
      for (float bad : new float[] {ROWS, -1, 1e8f, 3e9f, -3e9f}) {
        plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), SAMPLES);
        x[8] = bad;
        assertThatThrownBy(() -> plan.step(1, new Totals()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("copy");
      }
    }
  }

  @Test
  void itIsFirstAndTakesNoMaskYet() {
    assertThatThrownBy(
            () ->
                new ModelSpec(
                    INPUT,
                    List.of(Dense.of(4), TABLE.frozen()),
                    Loss.MEAN_SQUARED_ERROR,
                    Sgd.of(0.1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must read an input of the model, found it above another layer");
    assertThatThrownBy(() -> TABLE.maskingZero().outputShape(Shape.of(4, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with mask_zero input must be [steps]");
    assertThatThrownBy(() -> Embedding.of(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Embedding: inputDim must be between 1 and 16777216, found 0");
  }
}
