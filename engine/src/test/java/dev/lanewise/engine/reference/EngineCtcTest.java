package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Connectionist temporal classification above a recurrent layer, and what it asks for. */
class EngineCtcTest {
  private static final int STEPS = 9;
  private static final int CLASSES = 5;
  private static final int LABELS = 4;
  private static final int SAMPLES = 53;
  private static final Shape INPUT = Shape.of(STEPS, 3);

  /** As of the other losses, of whose chains these are as long: 53 rows of 9 steps. */
  private static final double TOLERANCE = 3 * Math.sqrt(53 * 9) * 0x1p-24 * 4;

  private static int[] labels(Random random) {
    int[] labels = new int[SAMPLES * LABELS];
    for (int i = 0; i < SAMPLES; i++) {
      int count = random.nextInt(LABELS + 1);
      for (int l = 0; l < count; l++) {
        labels[i * LABELS + l] = 1 + random.nextInt(CLASSES - 1);
      }
    }
    return labels;
  }

  @Test
  void lossAndGradientsAgree() {
    List<Layer> stack = List.of(SimpleRnn.of(9).returningSequences(), Dense.of(CLASSES));
    ModelSpec spec = new ModelSpec(INPUT, stack, Loss.CTC, Sgd.of(0.1));
    Random random = new Random(12);
    List<double[]> weights =
        spec.parameters().stream()
            .map(p -> Configurations.randoms(random, p.shape().elementCount(), 0.4))
            .toList();
    double[] x = Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1);
    int[] labels = labels(random);
    double[] each = random.doubles(SAMPLES).map(w -> (float) (2 * w)).toArray();
    ReferenceModel reference = new ReferenceModel(INPUT, stack, weights);
    double[] y = reference.forward(x);
    double[] upstream = new double[y.length];
    double expected = 0;
    int width = STEPS * CLASSES;
    for (int i = 0; i < SAMPLES; i++) {
      double[] gradient = new double[width];
      double[] logits = Arrays.copyOfRange(y, i * width, (i + 1) * width);
      int[] own = Arrays.copyOfRange(labels, i * LABELS, (i + 1) * LABELS);
      expected += each[i] * ReferenceCtc.loss(logits, CLASSES, own, gradient) / SAMPLES;
      for (int g = 0; g < width; g++) {
        upstream[i * width + g] = each[i] * gradient[g] / SAMPLES;
      }
    }
    List<double[]> gradients = reference.backward(upstream, spec.output(), SAMPLES).weights();
    Totals totals = new Totals();
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(SAMPLES, 2))) {
      plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
      Dataset data =
          Dataset.of(INPUT, Floats.of(x), labels, CLASSES).withSampleWeights(Floats.of(each));
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), SAMPLES);
      plan.step(1, totals);
      assertThat(totals.meanLoss()).isCloseTo(expected, offset(TOLERANCE * expected));
      for (int i = 0; i < gradients.size(); i++) {
        Floats.assertClose("gradient " + i, plan.gradients().get(i), gradients.get(i), TOLERANCE);
      }
    }
  }

  private static Dataset data() {
    Random random = new Random(3);
    float[] x = Floats.of(Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1));
    return Dataset.of(INPUT, x, labels(random), CLASSES);
  }

  private static Model model(int threads) {
    return Model.sequential(INPUT, Lstm.of(20).returningSequences(), Dense.of(CLASSES))
        .withThreads(threads)
        .compile(Adam.of(0.02), Loss.CTC);
  }

  @Test
  void threadsAndBatchesDoNotChangeWhatIsLearned() {
    FitOptions options = FitOptions.epochs(12).withBatchSize(10);
    try (Model one = model(1);
        Model three = model(3)) {
      double begun = one.evaluate(data(), 10).loss();
      one.fit(data(), options);
      three.fit(data(), options);
      assertThat(three.parameters()).usingRecursiveComparison().isEqualTo(one.parameters());
      assertThat(one.evaluate(data(), 53)).isEqualTo(three.evaluate(data(), 7));
      assertThat(one.evaluate(data(), 53).loss()).isLessThan(0.8 * begun);
    }
  }

  private static void refused(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static void trains(int classes, int... labels) {
    try (Model model = model(1)) {
      float[] x = new float[labels.length / LABELS * STEPS * 3];
      model.fit(Dataset.of(INPUT, x, labels, classes), FitOptions.epochs(1).withBatchSize(2));
    }
  }

  @Test
  void targetsThatNoPathSpellsAreRefusedByTheirSample() {
    refused(
        "data: sample 1 has the label 2 behind a 0, which fills up shorter targets",
        () -> trains(CLASSES, 1, 2, 0, 0, 1, 0, 2, 0));
    refused("data: 4 labels a sample of 6 classes do not fit", () -> trains(6, 1, 2, 3, 4));
    refused(
        "ctc needs class indices, found float targets",
        () -> {
          try (Model model = model(1)) {
            float[] y = new float[STEPS * CLASSES];
            model.fit(Dataset.of(INPUT, new float[27], y, y.length), FitOptions.epochs(1));
          }
        });
    int[] equal = {1, 1, 1, 1, 1, 0, 0, 0};
    refused(
        "data: sample 0 has 5 labels, which take 9 steps with a blank between equal ones, and the"
            + " model gives 8",
        () -> {
          Shape shorter = Shape.of(8, 3);
          try (Model model =
              Model.sequential(shorter, Lstm.of(2).returningSequences(), Dense.of(CLASSES))
                  .compile(Adam.of(0.02), Loss.CTC)) {
            model.evaluate(Dataset.of(shorter, new float[24], equal, CLASSES), 1);
          }
        });
  }

  @Test
  void whatHasNoStepsOfItsOwnIsRefused() {
    refused(
        "ctc: needs an output [steps, classes], a blank among 2 classes or more, found [5]",
        () -> new ModelSpec(INPUT, List.of(Lstm.of(5)), Loss.CTC, Sgd.of(0.1)));
    Layer sequences = Lstm.of(5).returningSequences();
    refused(
        "ctc: of a masked sequence",
        () -> new ModelSpec(INPUT, List.of(new Masking(0), sequences), Loss.CTC, Sgd.of(0.1)));
    List<Metric> accuracy = List.of(Metric.ACCURACY);
    refused(
        "labels have no step of their own; leave out accuracy",
        () -> new ModelSpec(INPUT, List.of(sequences), Loss.CTC, Sgd.of(0.1), accuracy));
    refused("no metric", () -> new Measure.OfLoss(Loss.CTC));
    refused(
        "ctc is a loss of whole sequences",
        () -> {
          try (Model model = model(1)) {
            model.fit(data(), FitOptions.epochs(1).withTruncatedBackprop(3));
          }
        });
  }
}
