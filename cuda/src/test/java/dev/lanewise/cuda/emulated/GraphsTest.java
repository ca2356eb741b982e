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
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.reference.StepNetwork;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @ParameterizedTest
  @EnumSource
  void networksAtEachStep(StepNetwork network) {
    GraphBuilder builder = new GraphBuilder();
    Shape input = StepNetwork.INPUT.times(3);
    Value x = builder.input("x", input);
    builder.output(builder.apply(Dense.of(2), network.of(builder, TimeDistributed::new, x)));
    ModelSpec spec =
        new ModelSpec(builder.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.05), List.of());
    Random random = new Random(1);
    Dataset data =
        Dataset.of(
            input,
            Floats.of(Configurations.randoms(random, SAMPLES * input.elementCount(), 1)),
            Floats.of(Configurations.randoms(random, SAMPLES * 6L, 1)),
            6);
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
          Value alike = g.apply(Pointwise.MAXIMUM, zeros(g, x), zeros(g, x), zeros(g, h));
          Value alone = g.apply(Pointwise.AVERAGE, g.apply(Pointwise.ADD, least, alike));
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

  /** A cell, a dense layer and dropout with two or three calls each, one of them of other steps. */
  @Test
  void callsOfALayerAddTheirGradients() {
    agree(
        (g, x) -> {
          GraphBuilder.Shared dense = g.share(Dense.of(3, Activation.TANH));
          GraphBuilder.Shared cell = g.share(Lstm.of(3).returningSequences());
          GraphBuilder.Shared drop = g.share(Dropout.of(0.4));
          Value h = drop.apply(dense.apply(x));
          Value last = g.apply(GetItem.ofStep(-1), cell.apply(h));
          Value more = drop.apply(cell.apply(g.apply(Pointwise.ADD, h, dense.apply(h))));
          return dense.apply(
              g.apply(
                  Pointwise.ADD,
                  last,
                  g.apply(SimpleRnn.of(3), g.apply(new Concatenate(1), more, h))));
        });
  }

  /** Returns zeros, made by rounding off what is far below a large number, whose gradient is 1. */
  private static Value zeros(GraphBuilder g, Value x) {
    double large = 0x1p26;
    Value h = g.apply(Dense.of(5, Activation.SIGMOID), x);
    Value rounded = g.apply(Arithmetic.with(Operator.ADD, large), h);
    return g.apply(Arithmetic.with(Operator.SUBTRACT, large), rounded);
  }

  private static Value sum(GraphBuilder g, Value x, Reduction.Kind kind, Integer... axes) {
    return g.apply(new Reduction(kind, List.of(axes), true), x);
  }

  @Test
  void reductions() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.SIGMOID), x);
          Value steps = sum(g, h, Reduction.Kind.SUM, 1);
          Value all = sum(g, h, Reduction.Kind.MEAN, 1, 2);
          Value most = sum(g, h, Reduction.Kind.MAX, 2);
          Value least = sum(g, h, Reduction.Kind.MIN, 1);
          Value spread = sum(g, h, Reduction.Kind.STD, 1);
          Value squares = sum(g, h, Reduction.Kind.VAR, 2);
          Value product = sum(g, h, Reduction.Kind.PROD, 2);
          Value log = sum(g, h, Reduction.Kind.LOGSUMEXP, 1);
          Value relu = g.apply(new Activated(Activation.RELU), g.apply(Dense.of(5), x));
          Value zeros = zeros(g, x);
          Value shared = sum(g, zeros, Reduction.Kind.MAX, 2);
          Value alike = g.apply(Pointwise.ADD, sum(g, relu, Reduction.Kind.MIN, 1, 2), shared);
          Value both = g.apply(Pointwise.ADD, h, steps, all, most, least, spread);
          Value end =
              g.apply(
                  new Activated(Activation.TANH),
                  g.apply(Pointwise.ADD, both, squares, product, log, alike));
          return g.apply(new Reduction(Reduction.Kind.MEAN, List.of(1), false), end);
        });
  }

  @Test
  void arithmeticAndFunctionsOfElements() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.SIGMOID), x);
          Value one = g.apply(Dense.of(1, Activation.SIGMOID), x);
          Value a =
              g.apply(
                  Arithmetic.of(Operator.DIVIDE),
                  h,
                  g.apply(Arithmetic.with(Operator.ADD, 1), one));
          Value b =
              g.apply(
                  Arithmetic.of(Operator.POWER), g.apply(Arithmetic.with(Operator.ADD, 0.5), h), a);
          Value c = g.apply(Arithmetic.with(Operator.POWER, 3), b);
          Value d = g.apply(new Arithmetic(Operator.SUBTRACT, 2.0, null), c);
          Value e =
              g.apply(
                  Arithmetic.of(Operator.MAXIMUM),
                  d,
                  g.apply(Arithmetic.of(Operator.MINIMUM), h, h));
          Value f = g.apply(new Clip(0.2, 0.9), e);
          List<Value> all = new ArrayList<>(List.of(f));
          for (Function each : EnumSet.range(Function.ABSOLUTE, Function.COS)) {
            all.add(g.apply(new Elements(each), g.apply(Arithmetic.with(Operator.ADD, 0.3), h)));
          }
          Value relu = g.apply(new Activated(Activation.RELU), g.apply(Dense.of(5), x));
          all.add(g.apply(new Elements(Function.ABSOLUTE), relu));
          all.add(g.apply(new Elements(Function.ABSOLUTE), zeros(g, x)));
          all.add(g.apply(Arithmetic.with(Operator.MAXIMUM, 0), zeros(g, x)));
          all.add(g.apply(Arithmetic.of(Operator.MINIMUM), zeros(g, x), zeros(g, h)));
          all.add(g.apply(new Clip(0, 1), zeros(g, x)));
          return g.apply(SimpleRnn.of(4), g.apply(Concatenate.FEATURES, all.toArray(Value[]::new)));
        });
  }

  @Test
  void placesOfValues() {
    agree(
        (g, x) -> {
          Value h = g.apply(Dense.of(5, Activation.TANH), x);
          GetItem.Slice back = new GetItem.Slice(null, null, -2);
          Value some = g.apply(new GetItem(List.of(back, new GetItem.Slice(1, 4, null))), h);
          Value column = g.apply(new GetItem(List.of(GetItem.Slice.ALL, new GetItem.Index(2))), h);
          Value step = g.apply(GetItem.ofStep(-2), h);
          Value stacked = g.apply(new Joined(3, true), h, g.apply(new SoftmaxOver(1), h));
          Value first = g.apply(new Joined(1, true), step, step, g.apply(Dense.of(5), step));
          Value joined = g.apply(new Joined(1, false), first, h);
          Value number =
              g.apply(new GetItem(List.of(new GetItem.Index(1), new GetItem.Index(3))), h);
          Value total = g.apply(new Reduction(Reduction.Kind.SUM, List.of(1, 2), false), h);
          return g.apply(
              Concatenate.FEATURES,
              number,
              total,
              g.apply(new Flatten(), some),
              column,
              g.apply(new Flatten(), stacked),
              g.apply(SimpleRnn.of(3), joined));
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
    Metric error = Metric.MEAN_ABSOLUTE_ERROR.named("error");
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
