package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Shared;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Graphs that are no chains: several inputs, several readers, every merge, shared layers. */
public record GraphConfigurations(String name, Graph graph) {
  static GraphConfigurations of(String name, Consumer<GraphBuilder> wiring) {
    GraphBuilder builder = new GraphBuilder();
    wiring.accept(builder);
    return new GraphConfigurations(name, builder.build());
  }

  /** Returns all of them. */
  public static Stream<GraphConfigurations> all() {
    return Stream.of(
            merges(),
            dots(),
            attentions(),
            heads(),
            ScoredGraphs.all(),
            wirings(),
            states(),
            ConvLstmConfigurations.states(),
            masked(),
            OperationGraphs.all(),
            MaskedGraphs.all(),
            MaskedGraphs.slices())
        .flatMap(each -> each);
  }

  /** Steps whose features are all negative are masked: a quarter, in some samples all. */
  private static Stream<GraphConfigurations> masked() {
    return Stream.of(
            SimpleRnn.of(5).returningState(),
            SimpleRnn.of(5).returningSequences().returningState(),
            Gru.of(17).returningState(),
            Gru.of(5).resettingBefore().returningSequences().returningState(),
            Lstm.of(17).returningState(),
            Lstm.of(5).returningSequences().returningState(),
            Lstm.of(5).with(Lstm.of(5).options().withZeroOutputForMask(true)).returningState(),
            Bidirectional.of(Lstm.of(5).returningSequences().returningState()),
            Bidirectional.of(Gru.of(5).returningState()),
            Bidirectional.of(Gru.of(5), Bidirectional.Merge.NONE),
            Bidirectional.of(Lstm.of(5).returningSequences(), Bidirectional.Merge.NONE))
        .map(
            layer ->
                of(
                    "states under a mask of " + layer,
                    g -> {
                      Value x = g.input("x", Shape.of(3, 2));
                      Value steps =
                          g.apply(
                              Dense.of(4),
                              g.apply(
                                  Masking.ofZeros(),
                                  g.apply(new ActivationLayer(Activation.RELU), x)));
                      List<Value> given = new ArrayList<>(g.applyAll(layer, steps));
                      given.replaceAll(y -> y.shape().rank() == 2 ? g.apply(new Flatten(), y) : y);
                      Value all = g.apply(Concatenate.FEATURES, given.toArray(Value[]::new));
                      g.output(g.apply(Dense.of(3), all));
                    }));
  }

  private static Stream<GraphConfigurations> merges() {
    return Stream.concat(ofTwo(), repeated());
  }

  /** Sizes of 1 are repeated, on either side. */
  private static Stream<GraphConfigurations> repeated() {
    return Stream.of(
            Pointwise.ADD,
            Pointwise.SUBTRACT,
            Pointwise.MULTIPLY,
            Pointwise.AVERAGE,
            Pointwise.MAXIMUM,
            Pointwise.MINIMUM)
        .flatMap(
            merge ->
                Stream.of(
                    two(merge, Shape.of(4, 5), Shape.of(1, 5)),
                    two(merge, Shape.of(4, 5), Shape.of(4, 1)),
                    two(merge, Shape.of(4, 1), Shape.of(1, 5))));
  }

  private static Stream<GraphConfigurations> ofTwo() {
    return Stream.of(
            Pointwise.ADD,
            Pointwise.SUBTRACT,
            Pointwise.MULTIPLY,
            Pointwise.AVERAGE,
            Pointwise.MAXIMUM,
            Pointwise.MINIMUM,
            Concatenate.FEATURES,
            new Concatenate(1))
        .flatMap(
            merge ->
                Stream.of(
                    two(merge, Shape.of(4, 5), Shape.of(4, 5)),
                    two(merge, Shape.of(4, 17), Shape.of(4, 17))));
  }

  /** Returns a merge of two sequences, one of them an input and one not, below a layer. */
  private static GraphConfigurations two(Merge merge, Shape first, Shape second) {
    return of(
        merge + " of " + first + " and " + second,
        g -> {
          Value a = g.input("a", first);
          Value b = g.input("b", Shape.of(second.size(0), 3));
          Value h = g.apply(Dense.of(second.size(1), Activation.TANH), b);
          g.output(g.apply(SimpleRnn.of(6), g.apply(merge, a, h)));
        });
  }

  private static Stream<GraphConfigurations> dots() {
    return Stream.of(
        dot(new Dot(2, 2, false), Shape.of(4, 5), Shape.of(3, 5)),
        dot(new Dot(-1, -1, true), Shape.of(4, 5), Shape.of(3, 5)),
        dot(new Dot(1, 1, false), Shape.of(4, 5), Shape.of(4, 18)),
        dot(new Dot(1, 1, true), Shape.of(4, 5), Shape.of(4, 2)),
        dot(new Dot(2, 1, false), Shape.of(3, 4), Shape.of(4, 6)),
        dot(new Dot(1, 1, false), Shape.of(5), Shape.of(5)),
        dot(new Dot(1, 1, true), Shape.of(5), Shape.of(5)),
        dot(new Dot(1, 2, false), Shape.of(5), Shape.of(4, 5)),
        dot(new Dot(2, 1, true), Shape.of(4, 5), Shape.of(5)),
        dot(new Dot(1, 1, false), Shape.of(4, 5), Shape.of(4)),
        dot(new Dot(3, 3, false), Shape.of(3, 4, 5), Shape.of(2, 3, 5)),
        dot(new Dot(1, 2, true), Shape.of(3, 2, 5), Shape.of(2, 3, 4)),
        dot(new Dot(2, 1, false), Shape.of(3, 4, 2), Shape.of(4)),
        dot(new Dot(1, 3, true), Shape.of(5), Shape.of(2, 3, 5)),
        dot(new Dot(-3, 2, false), Shape.of(2, 3, 2, 2), Shape.of(4, 3)));
  }

  private static GraphConfigurations dot(Dot dot, Shape first, Shape second) {
    return of(
        dot + " of " + first + " and " + second,
        g -> {
          Value a = g.apply(Dense.of(first.size(-1)), g.input("a", first));
          Value b = g.apply(Dense.of(second.size(-1)), g.input("b", second));
          Value y = g.apply(dot, a, b);
          g.output(g.apply(Dense.of(3), y.shape().rank() == 1 ? y : g.apply(new Flatten(), y)));
        });
  }

  private static Stream<GraphConfigurations> attentions() {
    return Stream.of(
            Attention.create(),
            new Attention(true, ScoreMode.DOT, false),
            new Attention(true, ScoreMode.DOT, true),
            new Attention(false, ScoreMode.CONCAT, false),
            new Attention(true, ScoreMode.CONCAT, true),
            AdditiveAttention.create(),
            new AdditiveAttention(false, false),
            new AdditiveAttention(true, true))
        .flatMap(attention -> Stream.of(attention(attention), keyed(attention)));
  }

  private static GraphConfigurations attention(Merge attention) {
    return of(
        attention + " of two",
        g -> {
          Value x = g.input("x", Shape.of(5, 3));
          Value value = g.apply(Gru.of(17).returningSequences(), x);
          Value query = g.apply(Dense.of(17, Activation.TANH), g.input("q", Shape.of(3, 4)));
          Value context = g.apply(attention, query, value);
          g.output(g.apply(SimpleRnn.of(3), g.apply(Concatenate.FEATURES, context, query)));
        });
  }

  private static Stream<GraphConfigurations> heads() {
    MultiHeadAttention two = MultiHeadAttention.of(2, 3);
    return Stream.concat(
        Stream.of(
                two,
                two.seeingNothingAhead().withValueDim(2),
                two.withoutBias(),
                two.withOutputDim(17),
                MultiHeadAttention.of(3, 2).withDropout(0.25))
            .flatMap(layer -> Stream.of(attention(layer), keyed(layer), underMask(layer))),
        Stream.of(
            underMask(MultiHeadAttention.of(1, 17)),
            blocks(),
            told(two, Shape.of(3, 4)),
            told(two.seeingNothingAhead(), Shape.of(1, 4)),
            told(two.withDropout(0.25), Shape.of(3, 1)),
            told(two.withValueDim(2), Shape.of(2, 3, 4)),
            told(MultiHeadAttention.of(3, 2), Shape.of(1, 1, 4))));
  }

  /** What tells which steps are taken is read by another layer, too, which alone moves it. */
  private static GraphConfigurations told(MultiHeadAttention layer, Shape shape) {
    return of(
        layer + " told by " + shape,
        g -> {
          Value steps = g.apply(Gru.of(5).returningSequences(), g.input("x", Shape.of(4, 2)));
          Value query = g.apply(Dense.of(4), g.input("q", Shape.of(3, 2)));
          Value told = g.input("told", shape);
          Value dense = g.apply(Dense.of(shape.size(-1)), told); // whose gradients are its own
          Value mask = g.apply(new ActivationLayer(Activation.RELU), dense);
          Value other = flat(g, mask);
          Value seen = g.apply(layer.withAttentionMask(), query, steps, mask);
          Value twice = g.apply(layer.withAttentionMask(), seen, steps, told);
          Value all = g.apply(Pointwise.MULTIPLY, g.apply(new Flatten(), twice), other);
          g.output(g.apply(Dense.of(3), all));
        });
  }

  static Value flat(GraphBuilder g, Value x) {
    return g.apply(Dense.of(12), g.apply(new Flatten(), x));
  }

  /** A masked sequence that looks at itself, some of whose samples are masked as a whole. */
  private static GraphConfigurations underMask(MultiHeadAttention layer) {
    return of(
        layer + " under masks",
        g -> {
          Value x = g.apply(new ActivationLayer(Activation.RELU), g.input("x", Shape.of(4, 2)));
          Value steps = g.apply(Gru.of(5).returningSequences(), g.apply(Masking.ofZeros(), x));
          Value other = g.apply(new ActivationLayer(Activation.RELU), g.input("q", Shape.of(3, 2)));
          Value query = g.apply(Dense.of(4), g.apply(Masking.ofZeros(), other));
          Value seen = g.apply(layer, query, steps);
          g.output(g.apply(Dense.of(3), g.apply(new Flatten(), seen)));
        });
  }

  /** As encoders have them; the second block sees no mask, which the first has taken away. */
  private static GraphConfigurations blocks() {
    return of(
        "two blocks of heads, the mask being told to the layer above alone",
        g -> {
          Value x = g.apply(new ActivationLayer(Activation.RELU), g.input("x", Shape.of(4, 2)));
          Value steps = g.apply(Dense.of(5), g.apply(Masking.ofZeros(), x));
          Value first =
              g.apply(Pointwise.ADD, steps, g.apply(MultiHeadAttention.of(2, 3), steps, steps));
          Value second =
              g.apply(Pointwise.ADD, first, g.apply(MultiHeadAttention.of(2, 2), first, first));
          g.output(g.apply(Dense.of(3), g.apply(Gru.of(4), second)));
        });
  }

  private static GraphConfigurations keyed(Merge attention) {
    return of(
        attention + " of three, one of them an input",
        g -> {
          Value x = g.input("x", Shape.of(5, 3));
          Value key = g.apply(Dense.of(6), x);
          Value query = g.apply(SimpleRnn.of(6).returningSequences(), x);
          g.output(g.apply(SimpleRnn.of(3), g.apply(attention, query, x, key)));
        });
  }

  private static Stream<GraphConfigurations> wirings() {
    return Stream.of(
        of(
            "input with two readers, both first",
            g -> {
              Value x = g.input("x", Shape.of(5, 3));
              Value a = g.apply(Lstm.of(6).withDropout(0.25, 0), x);
              Value b = g.apply(Bidirectional.of(Gru.of(5)), x);
              g.output(g.apply(Dense.of(2), g.apply(Concatenate.FEATURES, a, b)));
            }),
        of(
            "value with four readers",
            g -> {
              Value x = g.apply(Dense.of(7), g.input("x", Shape.of(5, 3)));
              Value a = g.apply(Lstm.of(6), x);
              Value b = g.apply(Dense.of(4), g.apply(new Flatten(), x));
              Value c = g.apply(new LeakyRelu(0.3), x);
              Value d = g.apply(Gru.of(6).withDropout(0.5, 0.25), c);
              Value e = g.apply(SimpleRnn.of(6), g.apply(Dropout.of(0.5), x));
              g.output(g.apply(Dense.of(2), g.apply(Concatenate.FEATURES, a, b, d, e)));
            }),
        of(
            "residual, and a value read twice at once",
            g -> {
              Value x = g.apply(Lstm.of(6).returningSequences(), g.input("x", Shape.of(5, 3)));
              Value y = g.apply(Pointwise.ADD, x, g.apply(Lstm.of(6).returningSequences(), x));
              Value z = g.apply(Pointwise.MULTIPLY, y, y);
              g.output(g.apply(Dense.of(2), g.apply(new Flatten(), z)));
            }),
        of(
            "repeated sizes",
            g -> {
              Value x = g.apply(Lstm.of(6).returningSequences(), g.input("x", Shape.of(5, 3)));
              Value shares = g.apply(Dense.of(1, Activation.SIGMOID), x);
              Value last = g.apply(Dense.of(6), g.apply(Lstm.of(4), x));
              Value y = g.apply(Pointwise.MULTIPLY, shares, x);
              g.output(g.apply(SimpleRnn.of(3), g.apply(Pointwise.MAXIMUM, y, last)));
            }),
        of(
            "one layer in two places, of two lengths",
            g -> {
              Shared lstm = g.share(Lstm.of(6));
              Shared dense = g.share(Dense.of(4, Activation.TANH));
              Value a = lstm.apply(dense.apply(g.input("a", Shape.of(5, 3))));
              Value b = lstm.apply(dense.apply(g.input("b", Shape.of(2, 3))));
              g.output(g.apply(Dense.of(2), g.apply(Pointwise.SUBTRACT, a, b)));
            }),
        of(
            "a layer above itself",
            g -> {
              Shared dense = g.share(Dense.of(5, Activation.TANH));
              Value x = g.input("x", Shape.of(5));
              g.output(dense.apply(dense.apply(dense.apply(x))));
            }),
        of(
            "attention of steps by hand",
            g -> {
              Value x = g.apply(Lstm.of(6).returningSequences(), g.input("x", Shape.of(5, 3)));
              Value state = g.apply(new RepeatVector(5), g.input("s", Shape.of(4)));
              Value e = g.apply(Dense.of(1), g.apply(Concatenate.FEATURES, x, state));
              Value alphas = g.apply(Dense.of(5, Activation.SOFTMAX), g.apply(Reshape.to(5), e));
              g.output(
                  g.apply(Dense.of(2), g.apply(Dot.of(1), g.apply(Reshape.to(5, 1), alphas), x)));
            }));
  }

  private static Stream<GraphConfigurations> states() {
    Stream<GraphConfigurations> cells =
        Stream.of(
                Lstm.of(6),
                Lstm.of(17).withDropout(0.25, 0),
                Lstm.of(6).withDropout(0.25, 0.5),
                Gru.of(6),
                Gru.of(17).resettingBefore(),
                Gru.of(6).resettingBefore().withDropout(0.25, 0.5),
                SimpleRnn.of(6),
                SimpleRnn.of(6).withDropout(0, 0.5))
            .flatMap(cell -> Stream.of(encoderDecoder(cell), statesOfInputs(cell)));
    return Stream.concat(
        cells, Stream.of(bothDirections(), twoValues(), secondAlone(), unusedStates()));
  }

  /** Returns a decoder that begins where an encoder ends, whose outputs nobody reads. */
  private static GraphConfigurations encoderDecoder(CellLayer cell) {
    return of(
        cell + ", encoder and decoder",
        g -> {
          List<Value> end = g.applyAll(returning(cell, false), g.input("x", Shape.of(5, 3)));
          Value[] read = end.toArray(Value[]::new);
          read[0] = g.input("begun", Shape.of(4, 2));
          g.output(g.apply(Dense.of(2), g.apply(sequences(cell), read)));
        });
  }

  /** Returns a layer whose states are the model's inputs and outputs. */
  private static GraphConfigurations statesOfInputs(CellLayer cell) {
    return of(
        cell + ", states in and out",
        g -> {
          Value[] read = new Value[1 + cell.states()];
          read[0] = g.input("x", Shape.of(1, 3));
          for (int s = 1; s < read.length; s++) {
            read[s] = g.input("state " + s, Shape.of(cell.units()));
          }
          List<Value> given = g.applyAll(returning(cell, true), read);
          g.output(
              g.apply(Concatenate.FEATURES, given.subList(1, given.size()).toArray(Value[]::new)));
        });
  }

  private static CellLayer returning(CellLayer cell, boolean sequences) {
    return switch (sequences ? sequences(cell) : cell) {
      case Lstm lstm -> lstm.returningState();
      case Gru gru -> gru.returningState();
      case SimpleRnn rnn -> rnn.returningState();
    };
  }

  private static CellLayer sequences(CellLayer cell) {
    return switch (cell) {
      case Lstm lstm -> lstm.returningSequences();
      case Gru gru -> gru.returningSequences();
      case SimpleRnn rnn -> rnn.returningSequences();
    };
  }

  private static GraphConfigurations bothDirections() {
    return of(
        "states of both directions",
        g -> {
          Value x = g.input("x", Shape.of(5, 3));
          Bidirectional both =
              new Bidirectional(
                  Lstm.of(6).returningState(),
                  Gru.of(4).returningState().goingBackwards(),
                  Bidirectional.Merge.CONCAT);
          List<Value> first = g.applyAll(both, x);
          Value[] read = first.toArray(Value[]::new);
          read[0] = x;
          List<Value> second = g.applyAll(both, read);
          g.output(g.apply(Concatenate.FEATURES, second.get(0), second.get(2), second.get(3)));
        });
  }

  private static GraphConfigurations twoValues() {
    return of(
        "both directions as values of their own, with states",
        g -> {
          Value x = g.input("x", Shape.of(5, 3));
          Bidirectional both =
              new Bidirectional(
                  Lstm.of(6).returningSequences().returningState(),
                  Gru.of(4).returningSequences().returningState().goingBackwards(),
                  Bidirectional.Merge.NONE);
          List<Value> given = g.applyAll(both, x);
          Value first = g.apply(Gru.of(5), given.get(0));
          Value second = g.apply(SimpleRnn.of(5), given.get(1));
          g.output(g.apply(Concatenate.FEATURES, first, second, given.get(3), given.get(4)));
        });
  }

  private static GraphConfigurations secondAlone() {
    return of(
        "the backward direction as the value that is read",
        g -> {
          Value x = g.apply(Dense.of(4), g.input("x", Shape.of(5, 3)));
          Bidirectional both = Bidirectional.of(Gru.of(6), Bidirectional.Merge.NONE);
          g.output(g.apply(Dense.of(2), g.applyAll(both, x).get(1)));
        });
  }

  private static GraphConfigurations unusedStates() {
    return of(
        "states that nobody reads",
        g -> {
          Value x = g.apply(Dense.of(4), g.input("x", Shape.of(5, 3)));
          g.output(g.apply(Dense.of(2), g.apply(Lstm.of(6).returningState(), x)));
        });
  }

  /** Returns random weights that are exact in float32. */
  public List<double[]> weights(Random random) {
    Stream.Builder<double[]> weights = Stream.builder();
    for (int i = 0; i < graph.layers().size(); i++) {
      graph
          .parameters(i)
          .forEach(p -> weights.add(Configurations.randoms(random, p.shape().elementCount(), 0.4)));
    }
    return weights.build().toList();
  }

  /** Returns the numbers of a sample's inputs. */
  public long inputSize() {
    return graph.inputs().stream().mapToLong(input -> input.shape().elementCount()).sum();
  }

  /** Returns the numbers of a sample's outputs. */
  public long outputSize() {
    return graph.outputs().stream().mapToLong(v -> graph.shapes().get(v).elementCount()).sum();
  }

  @Override
  public String toString() {
    return name;
  }
}
