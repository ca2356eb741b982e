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
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two epochs of gradient descent in shuffled order, whose last batch leaves shards empty or partly
 * filled, against the reference in double: every batch's loss and the weights at the end.
 */
class EngineEpochTest {
  private static final double RATE = 0.05;
  private static final int EPOCHS = 2;
  private static final Shape INPUT = Shape.of(4, 5);
  private static final int CLASSES = 3;

  /**
   * A gradient's error is at most about sqrt(k) u of its array's largest element (see {@link
   * EngineAgainstReferenceTest}), of which a step takes 0.05; at most 14 steps of gradients below 1
   * stay under one unit of the 40 u allowed here, and 14 roundings of the weights under another 14.
   */
  private static final double TOLERANCE = 40 * 0x1p-24;

  @ParameterizedTest
  @CsvSource({"7, 1", "7, 3", "26, 25", "60, 51", "130, 64", "52, 51"})
  void stepsWithPartialLastBatchesAgree(int samples, int batch) {
    Layer classifier = Dense.of(CLASSES, Activation.SOFTMAX);
    SimpleRnn sequences = SimpleRnn.of(17).returningSequences();
    check(samples, batch, 1, List.of(sequences, SimpleRnn.of(9).goingBackwards(), classifier));
    check(samples, batch, 4, List.of(sequences.goingBackwards(), classifier));
    check(samples, batch, 1, List.of(SimpleRnn.of(3), Dense.of(CLASSES, Activation.SIGMOID)));
  }

  /** What is dropped is of the update and of the place in its batch, whatever the shards. */
  @ParameterizedTest
  @CsvSource({"7, 3", "26, 25", "60, 51", "52, 51"})
  void stepsThatDropWithinTheirCellsAgree(int samples, int batch) {
    Layer classifier = Dense.of(CLASSES, Activation.SOFTMAX);
    Lstm lstm = Lstm.of(17).returningSequences().withDropout(0.25, 0.25);
    Gru gru = Gru.of(9).withDropout(0.25, 0.25);
    check(samples, batch, 1, List.of(lstm, gru.goingBackwards(), classifier));
    check(samples, batch, 4, List.of(lstm.withDropout(0.5, 0), classifier));
    check(samples, batch, 1, List.of(gru.resettingBefore().withDropout(0, 0.5), classifier));
    check(samples, batch, 1, List.of(Bidirectional.of(lstm), Dropout.of(0.25), gru, classifier));
    SimpleRnn rnn = SimpleRnn.of(17).returningSequences().withDropout(0.25, 0.5);
    check(samples, batch, 4, List.of(rnn, Bidirectional.of(rnn.withDropout(0.5, 0)), classifier));
  }

  /** Trains both on class indices, one a sample or one a step. */
  private static void check(int samples, int batch, int positions, List<Layer> stack) {
    ModelSpec spec =
        new ModelSpec(INPUT, stack, Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Sgd.of(RATE));
    Random random = new Random(31);
    List<double[]> weights =
        spec.parameters().stream()
            .map(p -> Configurations.randoms(random, p.shape().elementCount(), 0.4))
            .toList();
    double[] x = Configurations.randoms(random, samples * INPUT.elementCount(), 1);
    int[] labels = random.ints((long) samples * positions, 0, CLASSES).toArray();
    ReferenceModel reference = new ReferenceModel(INPUT, stack, weights);
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(Math.max(batch, 30), 2))) {
      plan.load(Parameters.initial(weights.stream().map(Floats::of).toList()));
      plan.bind(Dataset.of(INPUT, Floats.of(x), labels, CLASSES));
      long update = 0;
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        int[] order = random.ints(0, samples).distinct().limit(samples).toArray();
        plan.beginEpoch(order, batch);
        for (int from = 0; from < samples; from += batch) {
          int[] taken = java.util.Arrays.copyOfRange(order, from, Math.min(from + batch, samples));
          Totals totals = new Totals();
          plan.step(1, totals);
          reference.train(0, ++update);
          double loss = step(reference, spec, weights, x, labels, taken);
          assertThat(totals.samples()).isEqualTo(taken.length);
          assertThat(totals.meanLoss())
              .as("%d samples by %d, epoch %d, batch from %d", samples, batch, epoch, from)
              .isCloseTo(loss, offset(TOLERANCE * Math.max(1, loss)));
        }
      }
      List<float[]> found = plan.snapshot().values();
      for (int i = 0; i < weights.size(); i++) {
        Floats.assertClose("weight " + i, found.get(i), weights.get(i), TOLERANCE);
      }
    }
  }

  /** One step of the reference, in place; returns the loss before it. */
  private static double step(
      ReferenceModel reference,
      ModelSpec spec,
      List<double[]> weights,
      double[] x,
      int[] labels,
      int[] taken) {
    int each = (int) INPUT.elementCount();
    int positions = labels.length * each / x.length;
    double[] inputs = new double[taken.length * each];
    double[] targets = new double[taken.length * positions * CLASSES];
    for (int n = 0; n < taken.length; n++) {
      System.arraycopy(x, taken[n] * each, inputs, n * each, each);
      for (int p = 0; p < positions; p++) {
        targets[(n * positions + p) * CLASSES + labels[taken[n] * positions + p]] = 1;
      }
    }
    boolean clip = spec.layers().getLast().outputActivation() != Activation.SOFTMAX;
    double[] y = reference.forward(inputs);
    ReferenceLoss loss = ReferenceLoss.of(spec.loss(), y, targets, CLASSES, clip);
    ReferenceModel.Gradients gradients =
        reference.backward(loss.gradient(), spec.output(), taken.length);
    for (int i = 0; i < weights.size(); i++) {
      for (int j = 0; j < weights.get(i).length; j++) {
        weights.get(i)[j] -= RATE * gradients.weights().get(i)[j];
      }
    }
    return loss.value();
  }
}
