package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models in which layers do not simply follow one another, beside the CPU's. */
@Tag("emulated")
class GraphsTest {
  /** Four updates of sums that are shorter than 100 terms, each within a few roundings. */
  private static final double TOLERANCE = 2e-5;

  private static final int SAMPLES = 5;
  private static final Shape INPUT = Shape.of(4, 3);

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  /** Builds a graph from its samples. */
  private interface Wiring {
    Value of(GraphBuilder graph, Value samples);
  }

  private static void agree(Wiring wiring) {
    GraphBuilder builder = new GraphBuilder();
    Value last = wiring.of(builder, builder.input("x", INPUT));
    builder.output(builder.apply(Dense.of(2), last));
    ModelSpec spec =
        new ModelSpec(builder.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            INPUT,
            Floats.of(Configurations.randoms(random, SAMPLES * INPUT.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)),
            2);
    TwoBackends.agree(spec, data, 3, TOLERANCE);
  }

  /** The samples have three readers, `h` four, one of which reads it twice. */
  @Test
  void readersAddTheirGradients() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH), x);
          Value twice = g.apply(Pointwise.MULTIPLY, h, h);
          Value gru = g.apply(Gru.of(5).returningSequences(), h);
          Value sum = g.apply(Pointwise.ADD, h, gru, twice);
          Value rnn = g.apply(SimpleRnn.of(4).returningSequences(), x);
          Value all = g.apply(Concatenate.FEATURES, sum, x, rnn);
          return g.apply(Lstm.of(6), all);
        });
  }

  /**
   * A size of 1 is repeated, as is a value without steps; what is the larger twice is the first's.
   */
  @Test
  void elementsOfSeveralValues() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH), x);
          Value one = g.apply(Dense.of(1), h);
          Value still = g.apply(SimpleRnn.of(5), x);
          Value number = g.apply(Dense.of(1), still);
          Value difference = g.apply(Pointwise.SUBTRACT, still, h);
          Value product = g.apply(Pointwise.MULTIPLY, one, still, number, h);
          Value mean = g.apply(Pointwise.AVERAGE, number, product, difference, h);
          Value most = g.apply(Pointwise.MAXIMUM, h, mean, h, one);
          Value least = g.apply(Pointwise.MINIMUM, most, difference, mean, difference);
          Value alone = g.apply(Pointwise.AVERAGE, least);
          return g.apply(new Flatten(), g.apply(Pointwise.ADD, alone, number));
        });
  }

  @Test
  void valuesSideBySide() {
    agree(
        (g, x) -> {
          Value wide = g.apply(Dense.of(35), x);
          Value h = g.apply(Dense.of(3, Activation.TANH), wide);
          Value steps = g.apply(new Concatenate(1), x, h, g.apply(Dense.of(3), h));
          Value picture = g.apply(new Reshape(List.of(2, 2, 3)), h);
          Value other = g.apply(Dense.of(3), picture);
          Value below = g.apply(new Concatenate(1), picture, other);
          Value beside = g.apply(new Concatenate(2), other, picture, other);
          Value features = g.apply(new Concatenate(3), picture, other);
          return g.apply(
              Concatenate.FEATURES,
              g.apply(Lstm.of(4), steps),
              g.apply(new Flatten(), below),
              g.apply(new Flatten(), beside),
              g.apply(new Flatten(), features));
        });
  }

  /** Below the lowest that learns nothing goes back, whatever reads it. */
  @Test
  void whatDoesNotLearnIsReadTwice() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH).frozen(), x);
          Value product = g.apply(Pointwise.MULTIPLY, h, g.apply(Dense.of(5), h));
          Value frozen = g.apply(Lstm.of(5).frozen(), product);
          return g.apply(Pointwise.ADD, frozen, g.apply(SimpleRnn.of(5), product));
        });
  }

  /** Outputs of vectors and of steps, of labels and of values, one of which others read. */
  @Test
  void severalInputsAndOutputs() {
    GraphBuilder g = new GraphBuilder();
    Value words = g.input("words", Shape.of(3, 2));
    Value more = g.input("more", Shape.of(5));
    Value features = g.input("features", Shape.of(4, 3));
    Value h = g.apply(Lstm.of(5), words);
    Value both = g.apply(Pointwise.ADD, h, more);
    Value classes = g.apply(Dense.of(3, Activation.SOFTMAX), both);
    Value steps = g.apply(Gru.of(4).returningSequences(), features);
    Value yes = g.apply(Dense.of(1, Activation.SIGMOID), steps);
    Value far =
        g.apply(Dense.of(5), g.apply(Concatenate.FEATURES, both, g.apply(SimpleRnn.of(4), steps)));
    g.output(far, classes, steps, yes);
    Metric error = Metric.of(new Measure.MeanAbsoluteError(), "error");
    Metric rate = Metric.of(new Measure.Accuracy(), "accuracy");
    ModelSpec spec =
        new ModelSpec(
            g.build(),
            List.of(
                OutputSpec.of("far", Loss.MEAN_SQUARED_ERROR, error).withWeight(0.5),
                OutputSpec.of(
                    "classes",
                    Loss.CATEGORICAL_CROSSENTROPY,
                    rate,
                    new Metric(new Measure.TopKCategoricalAccuracy(2), "two", true)),
                OutputSpec.of("steps", Loss.MEAN_SQUARED_ERROR).withWeight(0),
                OutputSpec.of(
                        "yes", Loss.BINARY_CROSSENTROPY, rate, Metric.of(new Measure.Auc(5), "auc"))
                    .withWeight(1.5)),
            Sgd.of(0.1));
    List<Shape> inputs = spec.inputs();
    Random random = new Random(1);
    int values = SampleSizes.of(spec).input();
    Dataset data =
        Dataset.of(
            inputs,
            Floats.of(Configurations.randoms(random, (long) SAMPLES * values, 1)),
            List.of(
                Targets.of(Floats.of(Configurations.randoms(random, SAMPLES * 5L, 1)), SAMPLES, 5)
                    .withWeights(Floats.of(Configurations.randoms(random, SAMPLES, 1))),
                Targets.ofLabels(random.ints(SAMPLES, 0, 3).toArray(), SAMPLES, 3),
                Targets.of(
                    Floats.of(Configurations.randoms(random, SAMPLES * 16L, 1)), SAMPLES, 16),
                Targets.ofLabels(random.ints(SAMPLES * 4L, 0, 2).toArray(), SAMPLES, 2)
                    .withWeights(Floats.of(Configurations.randoms(random, SAMPLES * 4L, 1)))));
    TwoBackends.agree(spec, data, 3, TOLERANCE);
    predictorsAgree(spec, data);
  }

  private static void predictorsAgree(ModelSpec spec, Dataset data) {
    Random random = new Random(2);
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      values.add(Floats.of(Configurations.randoms(random, parameter.shape().elementCount(), 0.5)));
    }
    List<float[]> answers = new ArrayList<>();
    for (Backend backend : List.of(Backends.named("cpu"), new CudaBackend())) {
      try (Predictor predictor = backend.predictor(spec, Parameters.initial(values), 1)) {
        float[] outputs = new float[data.size() * SampleSizes.of(spec).output()];
        predictor.predict(data.floatFeatures(), outputs);
        answers.add(outputs);
      }
    }
    double[] precise =
        IntStream.range(0, answers.getFirst().length)
            .mapToDouble(i -> answers.getFirst()[i])
            .toArray();
    Floats.assertClose("answers", answers.getLast(), precise, TOLERANCE);
  }

  /** The layers of the founding model take the fused path as a chain alone. */
  @Test
  void aStateThatIsAnOutputTooTakesTheGeneralPath() {
    GraphBuilder g = new GraphBuilder();
    Value state = g.apply(SimpleRnn.of(5), g.input("x", INPUT));
    g.output(g.apply(Dense.of(2, Activation.SOFTMAX), state), state);
    ModelSpec spec =
        new ModelSpec(g.build(), Loss.CATEGORICAL_CROSSENTROPY, Sgd.of(0.1), List.of());
    assertThat(new CudaBackend().pathOf(spec)).startsWith("general");
  }
}
