package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.ReferenceLoss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses that are metrics, by a plan whose dense layer has the identity as its weights. */
class LossAsMetricTest {
  private static final Shape INPUT = Shape.of(3);
  private static final float[] Z = {0.5f, -1, 2, 1.5f, 0.25f, -2, 40, -39, 0, 1, 1, 1};
  private static final float[] T = {0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1};

  private static Totals evaluate(Activation last, Loss loss, Dataset data, Metric... metrics) {
    return evaluate(1, last, loss, data, metrics);
  }

  private static Totals evaluate(
      float middle, Activation last, Loss loss, Dataset data, Metric... metrics) {
    ModelSpec spec =
        new ModelSpec(
            INPUT, List.of(new Dense(3, last, false)), loss, Sgd.of(0.1), List.of(metrics));
    Totals totals = new Totals(List.of(metrics));
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(4, 1))) {
      plan.load(Parameters.initial(List.of(new float[] {1, 0, 0, 0, middle, 0, 0, 0, 1})));
      plan.evaluate(data, 4, totals);
    }
    return totals;
  }

  static Stream<Loss> losses() {
    return Stream.of(
        Loss.CATEGORICAL_CROSSENTROPY,
        new CategoricalCrossentropy(true, 0.1),
        Loss.BINARY_CROSSENTROPY,
        new BinaryCrossentropy(true, 0.1),
        Loss.BINARY_FOCAL_CROSSENTROPY,
        new BinaryFocalCrossentropy(true, 0.3, 1, true, 0.1),
        Loss.CATEGORICAL_FOCAL_CROSSENTROPY,
        new CategoricalFocalCrossentropy(0.3, 1, true, 0.1),
        Loss.MEAN_SQUARED_ERROR,
        Loss.MEAN_ABSOLUTE_ERROR,
        Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR,
        Loss.MEAN_SQUARED_LOGARITHMIC_ERROR,
        Loss.HINGE,
        Loss.SQUARED_HINGE,
        Loss.CATEGORICAL_HINGE,
        Loss.HUBER,
        Loss.LOG_COSH,
        Loss.KL_DIVERGENCE);
  }

  /** The third row is saturated: a metric that did not see the logits would be another. */
  @ParameterizedTest
  @MethodSource("losses")
  void theOwnLossIsTheSameNumber(Loss loss) {
    Dataset data = Dataset.of(INPUT, Z, T, 3);
    Metric metric = Metric.of(loss, "own");
    for (Activation last :
        new Activation[] {Activation.LINEAR, Activation.SIGMOID, Activation.SOFTMAX}) {
      Totals totals = evaluate(last, loss, data, metric);
      assertThat(totals.value(metric))
          .as("%s", last)
          .isCloseTo(totals.meanLoss(), offset(1e-6 * Math.max(1, totals.meanLoss())));
    }
  }

  /** Whatever the model's own loss does with the outputs, metrics are of those the user sees. */
  @ParameterizedTest
  @EnumSource(names = {"LINEAR", "SIGMOID", "SOFTMAX"})
  void othersAreOfTheOutputs(Activation last) {
    float[] z = {0.5f, -1, 2, 1.5f, 0.25f, -2};
    float[] t = {0, 1, 0, 1, 0, 0};
    double[][] rows = {{0.5, -1, 2}, {1.5, 0.25, -2}};
    double[] y = new double[6];
    double[] targets = {0, 1, 0, 1, 0, 0};
    for (int r = 0; r < 2; r++) {
      System.arraycopy(GivenRow.applied(last, rows[r]), 0, y, r * 3, 3);
    }
    List<Loss> own =
        List.of(
            Loss.MEAN_SQUARED_ERROR,
            Loss.CATEGORICAL_CROSSENTROPY,
            Loss.BINARY_CROSSENTROPY,
            new CategoricalCrossentropy(true, 0),
            new BinaryCrossentropy(true, 0));
    for (Loss loss : own) {
      for (Loss other : losses().toList()) {
        Metric metric = Metric.of(other, "other");
        double found = evaluate(last, loss, Dataset.of(INPUT, z, t, 3), metric).value(metric);
        Loss measured = withoutItsOwnActivation(other, last);
        double expected = ReferenceLoss.of(measured, y, targets, 3, true).value();
        assertThat(found)
            .as("%s beside %s above %s", other, loss, last)
            .isCloseTo(expected, offset(1e-5 * Math.max(1, expected)));
      }
    }
  }

  /** As in Keras, a crossentropy below its own activation takes no outputs for logits. */
  private static Loss withoutItsOwnActivation(Loss loss, Activation last) {
    return switch (loss) {
      case CategoricalCrossentropy(boolean _, double s) when last == Activation.SOFTMAX ->
          new CategoricalCrossentropy(false, s);
      case BinaryCrossentropy(boolean _, double s) when last == Activation.SIGMOID ->
          new BinaryCrossentropy(false, s);
      default -> loss;
    };
  }

  @Test
  void weightsAndMasksCountWhereTheyShould() {
    Shape steps = Shape.of(2, 1);
    float[] x = {1, 2, 3, 0}; // the last step is masked
    float[] t = {2, 2, 1, 5};
    Dataset data = Dataset.of(steps, x, t, 2).withSampleWeights(new float[] {1, 2, 0.5f, 1});
    Metric plain = Metric.of(Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR, "plain");
    Metric weighted = plain.named("weighted").byWeight();
    ModelSpec spec =
        new ModelSpec(
            steps,
            List.of(new Masking(0), new Dense(1, Activation.LINEAR, false)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1),
            List.of(plain, weighted));
    Totals totals = new Totals(List.of(plain, weighted));
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(4, 1))) {
      plan.load(Parameters.initial(List.of(new float[] {1})));
      plan.evaluate(data, 2, totals);
    }
    assertThat(totals.value(plain)).isCloseTo((50 + 0 + 200) / 3.0, offset(1e-9));
    assertThat(totals.value(weighted)).isCloseTo((50 + 0 + 100) / 3.5, offset(1e-9));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLossOfNoNumberIsNone(Loss loss) {
    float[] z = {0.5f, 1, 0.25f};
    for (Activation last :
        new Activation[] {Activation.LINEAR, Activation.SIGMOID, Activation.SOFTMAX}) {
      for (float[] t : new float[][] {{0, 1, 0}, {1, 0, 0}}) {
        Metric metric = Metric.of(loss, "own");
        Dataset data = Dataset.of(INPUT, z, t, 3);
        Totals totals = evaluate(Float.NaN, last, loss, data, metric);
        assertThat(totals.meanLoss()).as("%s", last).isNaN();
        assertThat(totals.value(metric)).as("%s", last).isNaN();
      }
    }
  }

  @Test
  void aHingeNeedsTargetsThatSayWhatA0Is() {
    float[] half = {0, 1, 0, 1, 0.5f, 0, 1, 0, 0, 0, 0, 1};
    float[] signs = {-1, 1, -1, 1, 1, -1, 1, 1, 1, 1, 1, 1};
    Metric hinge = Metric.of(Loss.SQUARED_HINGE, "h");
    for (Loss loss : new Loss[] {Loss.HINGE, Loss.SQUARED_HINGE}) {
      assertThatThrownBy(() -> evaluate(Activation.LINEAR, loss, Dataset.of(INPUT, Z, half, 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "data: hinge takes targets that are all 0 or 1, or never 0, found 0 and 0.5; make"
                  + " them -1 and 1");
    }
    assertThatThrownBy(
            () ->
                evaluate(
                    Activation.LINEAR,
                    Loss.MEAN_SQUARED_ERROR,
                    Dataset.of(INPUT, Z, half, 3),
                    hinge))
        .hasMessageStartingWith("data: metric h: hinge takes");
    // A slice without the half is sound, and -1 and 1 are what 0 and 1 count as.
    Dataset sound = Dataset.of(INPUT, Z, half, 3).slice(2, 4);
    assertThat(evaluate(Activation.LINEAR, Loss.HINGE, sound).meanLoss()).isPositive();
    double binary = evaluate(Activation.LINEAR, Loss.HINGE, Dataset.of(INPUT, Z, T, 3)).meanLoss();
    float[] signed = new float[T.length];
    for (int i = 0; i < T.length; i++) {
      signed[i] = 2 * T[i] - 1;
    }
    assertThat(evaluate(Activation.LINEAR, Loss.HINGE, Dataset.of(INPUT, Z, signed, 3)).meanLoss())
        .isEqualTo(binary);
    assertThat(evaluate(Activation.LINEAR, Loss.HINGE, Dataset.of(INPUT, Z, signs, 3)).meanLoss())
        .isPositive();
    // Labels of several units are one-hot.
    int[] labels = {1, 0, 0, 2};
    assertThat(evaluate(Activation.LINEAR, Loss.HINGE, Dataset.of(INPUT, Z, labels, 3)).meanLoss())
        .isEqualTo(binary);
  }

  @Test
  void indicesAreOfClassesThatThereAre() {
    Metric sparse = Metric.of(Loss.SPARSE_CATEGORICAL_CROSSENTROPY, "s");
    assertThatThrownBy(
            () ->
                evaluate(
                    Activation.SOFTMAX,
                    Loss.CATEGORICAL_CROSSENTROPY,
                    Dataset.of(INPUT, Z, T, 3),
                    sparse))
        .hasMessage(
            "data: metric s: sparse categorical crossentropy needs class indices, found float"
                + " targets; measure categorical_crossentropy");
    ModelSpec single =
        new ModelSpec(
            Shape.of(1),
            List.of(Dense.of(1)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1),
            List.of(sparse));
    Dataset labels = Dataset.of(Shape.of(1), new float[] {1, 2}, new int[] {0, 2}, 3);
    try (Plan plan = new CpuBackend().compile(single, new PlanOptions(2, 1))) {
      assertThatThrownBy(() -> plan.bind(labels))
          .hasMessage(
              "data: metric s: labels of sparse_categorical_crossentropy tell apart 1 at most at"
                  + " an output of 1 unit, found 3 classes; leave the metric out");
    }
  }
}
