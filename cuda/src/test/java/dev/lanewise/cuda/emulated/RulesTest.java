package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.ExponentialDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss, metric and optimizer with its options, and weights of samples, beside the CPU's. */
@Tag("emulated")
class RulesTest {
  /** Six updates of sums that are shorter than 100 terms, each within a few roundings. */
  private static final double TOLERANCE = 1e-5;

  private static final Shape INPUT = Shape.of(3, 4);
  private static final int SAMPLES = 11;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static Dataset inputs(Random random, int width, float[] targets) {
    float[] x = new float[SAMPLES * 12];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() * 2 - 1;
    }
    return Dataset.of(INPUT, x, targets, width);
  }

  /** Targets in [0, 1] whose rows add up to 1. */
  private static Dataset shares(int positions, int units) {
    Random random = new Random(2);
    float[] targets = new float[SAMPLES * positions * units];
    for (int row = 0; row < targets.length; row += units) {
      float left = 1;
      for (int c = 0; c < units - 1; c++) {
        targets[row + c] = left * random.nextFloat();
        left -= targets[row + c];
      }
      targets[row + units - 1] = units == 1 ? random.nextInt(2) : left;
    }
    return inputs(random, positions * units, targets);
  }

  private static Dataset labels(int positions, int classes) {
    Random random = new Random(3);
    float[] x = new float[SAMPLES * 12];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() * 2 - 1;
    }
    return Dataset.of(INPUT, x, random.ints(SAMPLES * positions, 0, classes).toArray(), classes);
  }

  private static Dataset weighted(Dataset data, int steps) {
    Random random = new Random(4);
    float[] weights = new float[SAMPLES * steps];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 4 == 0 ? 0 : random.nextFloat() * 2;
    }
    return data.withSampleWeights(weights);
  }

  /**
   * A loss under a layer, and targets for it.
   *
   * @param sequences whether there is an output a step
   */
  record Judged(Loss loss, Activation last, boolean sequences, Dataset data) {
    @Override
    public String toString() {
      return loss + " of " + last + (sequences ? " at each step" : "");
    }
  }

  static Stream<Judged> losses() {
    Dataset one = shares(1, 5);
    Dataset steps = shares(3, 5);
    Activation sigmoid = Activation.SIGMOID;
    Activation softmax = Activation.SOFTMAX;
    Activation linear = Activation.LINEAR;
    return Stream.of(
        new Judged(new CategoricalCrossentropy(false, 0.1), softmax, false, one),
        new Judged(new CategoricalCrossentropy(false, 0.1), sigmoid, true, steps),
        new Judged(new CategoricalCrossentropy(true, 0.2), linear, false, one),
        new Judged(new SparseCategoricalCrossentropy(false), sigmoid, false, labels(1, 5)),
        new Judged(new SparseCategoricalCrossentropy(true), linear, true, labels(3, 5)),
        new Judged(new BinaryCrossentropy(false, 0), sigmoid, false, one),
        new Judged(new BinaryCrossentropy(false, 0.1), sigmoid, true, weighted(steps, 3)),
        new Judged(new BinaryCrossentropy(true, 0.1), linear, false, weighted(one, 1)),
        new Judged(new BinaryCrossentropy(false, 0.1), softmax, false, one),
        new Judged(new KlDivergence(), softmax, false, weighted(one, 1)),
        new Judged(new CosineSimilarity(), linear, true, steps),
        new Judged(new MeanAbsoluteError(), linear, false, one),
        new Judged(new Huber(0.3), linear, true, weighted(steps, 3)),
        new Judged(new LogCosh(), linear, false, one),
        new Judged(Loss.MEAN_ABSOLUTE_PERCENTAGE_ERROR, linear, true, weighted(steps, 3)),
        new Judged(Loss.MEAN_SQUARED_LOGARITHMIC_ERROR, linear, false, one),
        new Judged(Loss.POISSON, sigmoid, true, steps),
        new Judged(Loss.HINGE, linear, false, labels(1, 5)),
        new Judged(Loss.SQUARED_HINGE, linear, true, weighted(labels(3, 5), 3)),
        new Judged(Loss.CATEGORICAL_HINGE, linear, true, steps),
        new Judged(Loss.CATEGORICAL_HINGE, Activation.RELU, false, labels(1, 5)),
        new Judged(Loss.BINARY_FOCAL_CROSSENTROPY, sigmoid, false, weighted(one, 1)),
        new Judged(new BinaryFocalCrossentropy(true, 0.3, 1.5, true, 0.1), linear, true, steps),
        new Judged(new BinaryFocalCrossentropy(true, 0.3, 1, false, 0.1), softmax, false, one),
        new Judged(new BinaryFocalCrossentropy(false, 0.3, 0, false, 0), softmax, false, one),
        new Judged(Loss.CATEGORICAL_FOCAL_CROSSENTROPY, softmax, false, labels(1, 5)),
        new Judged(new CategoricalFocalCrossentropy(0.6, 1.5, false, 0.1), sigmoid, true, steps),
        new Judged(new CategoricalFocalCrossentropy(0.6, 0.5, true, 0.1), linear, false, one),
        new Judged(Loss.CATEGORICAL_CROSSENTROPY, softmax, false, weighted(labels(1, 5), 1)));
  }

  private static List<Layer> layers(int units, Activation last, boolean sequences) {
    SimpleRnn rnn = SimpleRnn.of(6);
    return List.of(
        sequences ? rnn.returningSequences() : rnn, Dense.of(units), new ActivationLayer(last));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesAgree(Judged c) {
    List<Layer> layers = layers(5, c.last(), c.sequences());
    Metric[] metrics = {Metric.ACCURACY, Metric.MEAN_ABSOLUTE_ERROR};
    ModelSpec spec = new ModelSpec(INPUT, layers, c.loss(), Sgd.of(0.1), List.of(metrics));
    TwoBackends.agree(spec, c.data(), 4, TOLERANCE);
  }

  /** The fused kernels take weights too, and leave their outputs to metrics. */
  @Test
  void theFusedPathKnowsWeightsAndMetrics() {
    Measure largest = new Measure.TopKCategoricalAccuracy(2);
    List<Metric> metrics = List.of(Metric.of(largest, "two"), Metric.ACCURACY.byWeight());
    List<Layer> layers = List.of(SimpleRnn.of(6), Dense.of(5, Activation.SOFTMAX));
    ModelSpec spec =
        new ModelSpec(INPUT, layers, Loss.CATEGORICAL_CROSSENTROPY, Sgd.of(0.1), metrics);
    TwoBackends.agree(spec, weighted(labels(1, 5), 1), 4, TOLERANCE);
  }

  static Stream<Measure> measures() {
    return Stream.of(
        new Measure.Accuracy(),
        new Measure.CategoricalAccuracy(),
        new Measure.BinaryAccuracy(0.4),
        new Measure.TopKCategoricalAccuracy(1),
        new Measure.OfLoss(Loss.MEAN_ABSOLUTE_ERROR),
        new Measure.OfLoss(Loss.MEAN_SQUARED_ERROR),
        new Measure.Count(Measure.Outcome.TRUE_POSITIVES, 0.3),
        new Measure.Count(Measure.Outcome.FALSE_POSITIVES, 0.3),
        new Measure.Count(Measure.Outcome.TRUE_NEGATIVES, 0.3),
        new Measure.Count(Measure.Outcome.FALSE_NEGATIVES, 0.3),
        new Measure.Auc(20, Measure.Curve.PR),
        new Measure.RootMeanSquaredError(),
        new Measure.CosineSimilarity(),
        new Measure.Precision(0.5),
        new Measure.Recall(0.5),
        new Measure.Auc(50));
  }

  private static List<Metric> bothWays() {
    return measures()
        .flatMap(
            measure -> {
              Metric plain = Metric.of(measure, measure.toString().replaceAll("\\W+", " "));
              return Stream.of(plain, plain.named(plain.name() + "_weighted").byWeight());
            })
        .toList();
  }

  @Test
  void everyMetricAgrees() {
    for (boolean sequences : new boolean[] {false, true}) {
      int positions = sequences ? 3 : 1;
      List<Layer> layers = layers(5, Activation.SOFTMAX, sequences);
      ModelSpec several =
          new ModelSpec(INPUT, layers, Loss.CATEGORICAL_CROSSENTROPY, Sgd.of(0.1), bothWays());
      TwoBackends.agree(several, weighted(labels(positions, 5), positions), 4, TOLERANCE);
      ModelSpec single =
          new ModelSpec(
              INPUT,
              layers(1, Activation.SIGMOID, sequences),
              Loss.BINARY_CROSSENTROPY,
              Sgd.of(0.1),
              bothWays());
      TwoBackends.agree(single, weighted(labels(positions, 2), positions), 4, TOLERANCE);
    }
  }

  /** From logits below the last activation, from outputs that are logits, and from outputs. */
  @ParameterizedTest
  @EnumSource(names = {"LINEAR", "SIGMOID", "SOFTMAX"})
  void lossesThatAreMetricsAgree(Activation last) {
    List<Loss> measured =
        Stream.concat(
                losses().map(Judged::loss),
                Stream.of(
                    Loss.CATEGORICAL_CROSSENTROPY,
                    Loss.BINARY_CROSSENTROPY,
                    new BinaryCrossentropy(true, 0.1),
                    new SparseCategoricalCrossentropy(false)))
            .distinct()
            .filter(loss -> !(loss instanceof CosineSimilarity))
            .filter(loss -> last != Activation.LINEAR || !loss.equals(Loss.POISSON)) // ln of y < 0
            .toList();
    List<Metric> metrics = new ArrayList<>();
    for (Loss loss : measured) {
      metrics.add(Metric.of(loss, "m" + metrics.size()));
      metrics.add(Metric.of(loss, "m" + metrics.size()).byWeight());
    }
    for (Loss own :
        List.of(Loss.MEAN_SQUARED_ERROR, Loss.CATEGORICAL_CROSSENTROPY, Loss.BINARY_CROSSENTROPY)) {
      ModelSpec spec = new ModelSpec(INPUT, layers(5, last, true), own, Sgd.of(0.1), metrics);
      TwoBackends.agree(spec, weighted(labels(3, 5), 3), 4, TOLERANCE);
    }
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Adam.of(0.01).withAmsgrad(),
        Adam.of(new ExponentialDecay(0.01, 2, 0.5, false)).withWeightDecay(0.1),
        AdamW.of(0.01, 0.1),
        Adamax.of(0.01),
        Sgd.of(0.1, 0.9).withNesterov().withWeightDecay(0.1),
        RmsProp.withDefaults(),
        RmsProp.withDefaults().withMomentum(0.9).withCentering(),
        RmsProp.withDefaults().withCentering(),
        Nadam.withDefaults(),
        Adagrad.withDefaults(),
        Adadelta.withDefaults().withLearningRate(new ConstantLearningRate(30)), // steps that show
        Lion.withDefaults().withClipping(GradientClipping.value(0.05)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void optimizersAgree(Optimizer optimizer) {
    for (Activation last : new Activation[] {Activation.LINEAR, Activation.SOFTMAX}) { // both paths
      List<Layer> layers = List.of(SimpleRnn.of(6), Dense.of(5, last));
      Loss loss =
          last == Activation.SOFTMAX ? Loss.CATEGORICAL_CROSSENTROPY : Loss.MEAN_SQUARED_ERROR;
      TwoBackends.agree(new ModelSpec(INPUT, layers, loss, optimizer), shares(1, 5), 4, TOLERANCE);
    }
  }
}
