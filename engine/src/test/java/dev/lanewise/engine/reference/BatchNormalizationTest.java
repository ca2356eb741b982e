package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.GoldenStack;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch normalization against Keras's float64 values, in training and out of it, and its bits. */
class BatchNormalizationTest {
  private static final double TOLERANCE = 2e-5;

  static Stream<String> cases(boolean training) {
    return GoldenStack.paths("recurrent/normalization")
        .filter(path -> GoldenStack.description(path).get("training").getAsBoolean() == training);
  }

  static Stream<String> training() {
    return cases(true);
  }

  static Stream<String> inference() {
    return cases(false);
  }

  private static ModelSpec spec(GoldenStack golden) {
    return new ModelSpec(golden.input(), golden.layers(), Loss.MEAN_SQUARED_ERROR, Sgd.of(1e-30));
  }

  private static Parameters weights(GoldenStack golden) {
    return Parameters.initial(golden.arrays("weight_").stream().map(Npy::floats).toList());
  }

  @ParameterizedTest
  @MethodSource("inference")
  void answersUseTheMovingStatistics(String path) {
    GoldenStack golden = GoldenStack.of(path, GoldenStack.description(path));
    Npy y = golden.array("y");
    float[] found = new float[y.values().length];
    try (Predictor predictor = new CpuBackend().predictor(spec(golden), weights(golden), 1)) {
      predictor.predict(golden.array("x").floats(), found);
    }
    assertThat(y.absoluteError(found)).isLessThan(TOLERANCE);
  }

  /** The squared error's targets are where its gradient is Keras's upstream. */
  @ParameterizedTest
  @MethodSource("training")
  void aBatchIsKerass(String path) {
    JsonObject json = GoldenStack.description(path);
    GoldenStack golden = GoldenStack.of(path, json);
    double[] y = golden.array("y").values();
    double[] upstream = golden.array("upstream").values();
    float[] t = new float[y.length];
    double loss = 0;
    for (int i = 0; i < t.length; i++) {
      t[i] = (float) (y[i] - upstream[i] * y.length / 2);
      loss += (y[i] - t[i]) * (y[i] - t[i]) / y.length;
    }
    int samples = golden.array("x").shape()[0];
    Dataset data = Dataset.of(golden.input(), golden.array("x").floats(), t, t.length / samples);
    ModelSpec spec = spec(golden);
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(samples, 2))) {
      plan.load(weights(golden));
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, samples).toArray(), samples);
      Totals totals = new Totals();
      plan.step(1, totals);
      assertThat(totals.meanLoss()).isCloseTo(loss, within(1e-5 * loss));
      List<float[]> gradients = new ArrayList<>(plan.gradients());
      List<float[]> after = plan.snapshot().values();
      List<ParameterSpec> parameters = spec.parameters();
      for (int i = 0; i < parameters.size(); i++) {
        ParameterSpec parameter = parameters.get(i);
        if (parameter.trainable()) {
          Npy expected = golden.array("grad_weight_" + i);
          assertThat(expected.absoluteError(gradients.removeFirst()))
              .as("gradient by weight %d, %s", i, parameter.name())
              .isLessThan(TOLERANCE);
        } else if (parameter.name().startsWith("moving")) {
          boolean moves = !path.contains("frozen");
          Npy expected = golden.array((moves ? "after_weight_" : "weight_") + i);
          assertThat(expected.absoluteError(after.get(i))).as(parameter.name()).isLessThan(1e-6);
        }
      }
      assertThat(gradients).isEmpty();
    }
  }

  private static Model model(int threads) {
    return Model.sequential(
            Shape.of(5, 4),
            BatchNormalization.withDefaults().withoutCenter(),
            Gru.of(9).returningSequences().withDropout(0.2, 0),
            BatchNormalization.withDefaults().withMomentum(0.5),
            BatchNormalization.withDefaults().withAxis(1),
            LayerNormalization.withDefaults().withAxes(1),
            GroupNormalization.of(3),
            Gru.of(7).frozen(),
            Dropout.of(0.25),
            BatchNormalization.withDefaults().withoutScale(),
            Dense.of(3, Activation.SOFTMAX))
        .withThreads(threads)
        .withSeed(4)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static Dataset data() {
    Random random = new Random(8);
    float[] x = new float[130 * 20];
    int[] labels = new int[130];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (3 + 2 * random.nextGaussian());
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(3);
    }
    return Dataset.of(Shape.of(5, 4), x, labels, 3);
  }

  private static FitOptions options(int epochs) {
    return FitOptions.epochs(epochs).withBatchSize(52).withValidationSplit(0.1).withSeed(3);
  }

  @Test
  void bitsDoNotDependOnTheThreads() {
    List<List<float[]>> runs = new ArrayList<>();
    for (int threads : new int[] {1, 2, 7}) {
      try (Model model = model(threads)) {
        model.fit(data(), options(2));
        runs.add(model.parameters().values());
      }
    }
    for (int i = 0; i < runs.getFirst().size(); i++) {
      assertThat(runs.get(1).get(i)).containsExactly(runs.get(0).get(i));
      assertThat(runs.get(2).get(i)).containsExactly(runs.get(0).get(i));
    }
  }

  /** What a run keeps of a batch's statistics are the moving ones, among the parameters. */
  @Test
  void theMovingStatisticsAreAllThatIsKept() {
    try (Model first = model(2);
        Model second = model(2)) {
      first.fit(data(), options(1));
      second.setParameters(first.parameters());
      first.fit(data(), options(1));
      second.fit(data(), options(1));
      assertThat(second.parameters().values())
          .usingRecursiveComparison()
          .isEqualTo(first.parameters().values());
    }
  }

  @Test
  void whatIsNoAxisOfASampleIsRefused() {
    BatchNormalization third = BatchNormalization.withDefaults().withAxis(3);
    assertThatThrownBy(() -> third.outputShape(Shape.of(4, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "axis must be of a sample's, from 1 to 2 or from the last, -1, each named once, for"
                + " samples of [4, 3], found 3");
    assertThat(third.outputShape(Shape.of(5, 4, 3))).isEqualTo(Shape.of(5, 4, 3));
    assertThatThrownBy(() -> third.withAxis(0).outputShape(Shape.of(4, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0");
    assertThatThrownBy(() -> BatchNormalization.withDefaults().withMomentum(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("momentum must be 0 to 1, found 1.5");
    assertThatThrownBy(() -> BatchNormalization.withDefaults().withEpsilon(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("epsilon must be above 0, found 0.0");
  }
}
