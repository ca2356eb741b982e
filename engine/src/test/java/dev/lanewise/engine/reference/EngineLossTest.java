package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every loss above a recurrent layer, its last state and its sequence, with weights, against the
 * reference in double: the loss and the gradients of all weights.
 */
class EngineLossTest {
  private static final Shape INPUT = Shape.of(4, 3);
  private static final int UNITS = 3;
  private static final int SAMPLES = 53;

  /**
   * As in the contract of all backends: three times sqrt(k) u with chains of at most 53 x 4 rows,
   * of gradients that divide by an output no smaller than 0.05.
   */
  private static final double TOLERANCE = 3 * Math.sqrt(53 * 4) * 0x1p-24 * 4;

  /**
   * A loss.
   *
   * @param signs whether targets are -1 and 1, or else shares
   */
  private record Case(Loss loss, Activation last, boolean sequences, boolean signs) {
    Case(Loss loss, Activation last, boolean sequences) {
      this(loss, last, sequences, false);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(true, false)
        .flatMap(
            sequences ->
                Stream.of(
                    new Case(Loss.MEAN_SQUARED_ERROR, Activation.LINEAR, sequences),
                    new Case(Loss.MEAN_ABSOLUTE_ERROR, Activation.TANH, sequences),
                    new Case(new Huber(0.3), Activation.LINEAR, sequences),
                    new Case(Loss.LOG_COSH, Activation.LINEAR, sequences),
                    new Case(Loss.COSINE_SIMILARITY, Activation.LINEAR, sequences),
                    new Case(Loss.KL_DIVERGENCE, Activation.SOFTMAX, sequences),
                    new Case(Loss.KL_DIVERGENCE, Activation.SIGMOID, sequences),
                    new Case(Loss.BINARY_CROSSENTROPY, Activation.SIGMOID, sequences),
                    new Case(Loss.BINARY_CROSSENTROPY, Activation.SOFTMAX, sequences),
                    new Case(new BinaryCrossentropy(true, 0.1), Activation.LINEAR, sequences),
                    new Case(
                        new CategoricalCrossentropy(false, 0.2), Activation.SOFTMAX, sequences),
                    new Case(new CategoricalCrossentropy(true, 0), Activation.LINEAR, sequences),
                    new Case(Loss.CATEGORICAL_CROSSENTROPY, Activation.SIGMOID, sequences),
                    new Case(Loss.MEAN_SQUARED_LOGARITHMIC_ERROR, Activation.SIGMOID, sequences),
                    new Case(Loss.POISSON, Activation.SIGMOID, sequences),
                    new Case(Loss.CATEGORICAL_HINGE, Activation.LINEAR, sequences),
                    new Case(Loss.BINARY_FOCAL_CROSSENTROPY, Activation.SIGMOID, sequences),
                    new Case(Loss.BINARY_FOCAL_CROSSENTROPY, Activation.SOFTMAX, sequences),
                    new Case(
                        new BinaryFocalCrossentropy(true, 0.3, 1.5, true, 0.1),
                        Activation.LINEAR,
                        sequences),
                    new Case(Loss.CATEGORICAL_FOCAL_CROSSENTROPY, Activation.SOFTMAX, sequences),
                    new Case(
                        new CategoricalFocalCrossentropy(0.5, 1, true, 0.1),
                        Activation.LINEAR,
                        sequences),
                    new Case(Loss.HINGE, Activation.LINEAR, sequences, true),
                    new Case(Loss.SQUARED_HINGE, Activation.LINEAR, sequences, true),
                    new Case(
                        Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR, Activation.LINEAR, sequences, true)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossAndGradientsAgree(Case c) {
    SimpleRnn rnn = SimpleRnn.of(9);
    List<Layer> stack =
        List.of(c.sequences ? rnn.returningSequences() : rnn, Dense.of(UNITS, c.last));
    ModelSpec spec = new ModelSpec(INPUT, stack, c.loss, Sgd.of(0.1));
    Random random = new Random(12);
    List<double[]> weights =
        spec.parameters().stream()
            .map(p -> Configurations.randoms(random, p.shape().elementCount(), 0.4))
            .toList();
    double[] x = Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1);
    int rows = SAMPLES * spec.positions(0);
    double[] targets = new double[rows * UNITS];
    for (int r = 0; r < rows; r++) {
      targets[r * UNITS + random.nextInt(UNITS)] = 0.75;
      targets[r * UNITS + random.nextInt(UNITS)] += 0.25;
    }
    if (c.signs) {
      Arrays.setAll(targets, i -> targets[i] > 0 ? 1 : -1);
    }
    double[] each = random.doubles(rows).map(w -> (float) (2 * w)).toArray();
    ReferenceModel reference = new ReferenceModel(INPUT, stack, weights);
    boolean clip = !spec.lossForm().takesLogits();
    double[] y = reference.forward(x);
    ReferenceLoss expected = ReferenceLoss.weighted(c.loss, y, targets, UNITS, clip, each);
    List<double[]> gradients =
        reference.backward(expected.gradient(), spec.output(), SAMPLES).weights();
    Totals totals = new Totals();
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(SAMPLES, 2))) {
      plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
      float[] outputs = new float[rows * UNITS];
      plan.predict(Dataset.of(INPUT, Floats.of(x), new float[SAMPLES], 1), SAMPLES, outputs);
      Floats.assertClose("outputs", outputs, y, TOLERANCE); // activations that the loss took, too
      plan.bind(
          Dataset.of(INPUT, Floats.of(x), Floats.of(targets), UNITS * spec.positions(0))
              .withSampleWeights(Floats.of(each)));
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), SAMPLES);
      plan.step(1, totals);
      assertThat(totals.meanLoss())
          .isCloseTo(expected.value(), offset(TOLERANCE * Math.max(1, expected.value())));
      for (int i = 0; i < gradients.size(); i++) {
        Floats.assertClose("gradient " + i, plan.gradients().get(i), gradients.get(i), TOLERANCE);
      }
    }
    assertThat(Arrays.stream(expected.gradient()).filter(g -> g != 0)).isNotEmpty();
  }
}
