package dev.lanewise.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a graph is, and what is refused as one. */
class GraphTest {
  private static Graph build(Consumer<GraphBuilder> wiring) {
    GraphBuilder builder = new GraphBuilder();
    wiring.accept(builder);
    return builder.build();
  }

  @Test
  void aLayerThatIsRefusedIsNotLeftInTheGraph() {
    GraphBuilder g = new GraphBuilder();
    Value x = g.input("x", Shape.of(2, 3));
    assertThatThrownBy(() -> g.apply(Dot.of(7), x, x)).hasMessageContaining("Dot: axis 7");
    g.output(g.apply(Dense.of(2), x));
    assertThat(g.build().layers()).containsExactly(Dense.of(2));
  }

  @Test
  void layersThatFollowOneAnotherAreAChain() {
    Graph chain = Graph.chain(Shape.of(5, 3), List.of(Lstm.of(4).returningState(), Dense.of(2)));
    Graph built =
        build(
            g -> {
              Value x = g.input("input_layer", Shape.of(5, 3));
              g.output(g.apply(Dense.of(2), g.apply(Lstm.of(4).returningState(), x)));
            });
    assertThat(built).isEqualTo(chain).hasSameHashCodeAs(chain);
    assertThat(chain.isChain()).isTrue();
    assertThat(chain.shapes())
        .containsExactly(Shape.of(5, 3), Shape.of(4), Shape.of(4), Shape.of(4), Shape.of(2));
    assertThat(chain).hasToString("[5, 3] -> [2]");
  }

  @Test
  void aValueWithTwoReadersIsNoChain() {
    Graph graph =
        build(
            g -> {
              Value x = g.apply(Dense.of(3), g.input("x", Shape.of(3)));
              g.output(g.apply(Pointwise.ADD, x, g.apply(Dense.of(3), x)));
            });
    assertThat(graph.isChain()).isFalse();
    assertThat(graph.readers(1)).isEqualTo(2);
    assertThat(graph.giver(0)).isEqualTo(-1);
    assertThat(graph.giver(3)).isEqualTo(2);
  }

  /** A softmax that others read as well is not left to the loss. */
  @Test
  void theLossTakesTheFunctionOfAnOutputThatIsItsAlone() {
    Dense softmax = Dense.of(3, Activation.SOFTMAX);
    Graph alone = build(g -> g.output(g.apply(softmax, g.input("x", Shape.of(3)))));
    assertThat(alone.outputActivation(0)).isEqualTo(Activation.SOFTMAX);
    Graph read =
        build(
            g -> {
              Value y = g.apply(softmax, g.input("x", Shape.of(3)));
              g.output(y, g.apply(Dense.of(2), y));
            });
    assertThat(read.outputActivation(0)).isEqualTo(Activation.LINEAR);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "Add: masks of sequences of different lengths do not fit",
            g -> {
              Value x = g.apply(Masking.ofZeros(), g.input("x", Shape.of(5, 3)));
              Value y = g.apply(Masking.ofZeros(), g.input("y", Shape.of(1, 3)));
              g.output(g.apply(Pointwise.ADD, x, y));
            }),
        fault(
            "Dense: takes no mask by name",
            g -> {
              Value x = g.apply(Masking.ofZeros(), g.input("x", Shape.of(5, 3)));
              g.output(g.share(Dense.of(2)).applyUnder(List.of(x), x).getFirst());
            }),
        fault(
            "GRU: takes fewer masks by name, found 2",
            g -> {
              Value x = g.apply(Masking.ofZeros(), g.input("x", Shape.of(5, 3)));
              g.output(g.share(Gru.of(2)).applyUnder(List.of(x, x), x).getFirst());
            }),
        fault(
            "a GRU that reads [4, 3] is told to heed the mask of value 2, which has none of as",
            g -> {
              Value x = g.apply(Masking.ofZeros(), g.input("x", Shape.of(5, 3)));
              Value y = g.input("y", Shape.of(4, 3));
              g.output(
                  g.share(Gru.of(2)).applyUnder(List.of(x), y).getFirst(), g.apply(Gru.of(2), x));
            }),
        fault(
            "is told to heed the mask of value 0, which has none",
            g -> {
              Value x = g.input("x", Shape.of(5, 3));
              g.output(g.share(Gru.of(2)).applyUnder(List.of(x), x).getFirst());
            }),
        fault(
            "GetItem: place 5 is none of a size of 5",
            g -> g.output(g.apply(GetItem.ofStep(5), g.input("x", Shape.of(5, 3))))),
        fault(
            "GetItem: takes nothing of [5, 3]",
            g ->
                g.output(
                    g.apply(
                        new GetItem(List.of(new GetItem.Slice(3, 1, null))),
                        g.input("x", Shape.of(5, 3))))),
        fault(
            "input y is read by nobody",
            g -> {
              g.input("y", Shape.of(2));
              g.output(g.apply(Dense.of(2), g.input("x", Shape.of(2))));
            }),
        fault(
            "what a LSTM gives",
            g -> {
              Value x = g.input("x", Shape.of(2, 2));
              g.apply(Lstm.of(3), x);
              g.output(g.apply(Gru.of(2), x));
            }),
        fault(
            "has input x twice",
            g -> {
              Value x = g.input("x", Shape.of(2));
              g.output(g.apply(Pointwise.ADD, x, g.input("x", Shape.of(2))));
            }),
        fault(
            "a model gives what layers give",
            g -> {
              Value x = g.input("x", Shape.of(2));
              g.output(x, g.apply(Dense.of(2), x));
            }),
        fault(
            "which its weights cannot both be for",
            g -> {
              GraphBuilder.Shared dense = g.share(Dense.of(2));
              Value x = g.input("x", Shape.of(3));
              g.output(dense.apply(dense.apply(x)));
            }),
        fault(
            "is called nowhere",
            g -> {
              g.share(Dense.of(2));
              g.output(g.apply(Dense.of(2), g.input("x", Shape.of(3))));
            }),
        fault(
            "Dense: takes one input, found 2",
            g -> {
              Value x = g.input("x", Shape.of(3));
              g.output(g.apply(Dense.of(2), x, x));
            }),
        fault(
            "either no states or [[3], [3]], found [[3]]",
            g -> {
              Value x = g.input("x", Shape.of(2, 3));
              g.output(g.apply(Lstm.of(3), x, g.input("h", Shape.of(3))));
            }),
        fault(
            "Subtract: takes 2 inputs, found 3",
            g -> {
              Value x = g.input("x", Shape.of(3));
              g.output(g.apply(Pointwise.SUBTRACT, x, x, x));
            }),
        fault(
            "Multiply: inputs must have one shape",
            g -> {
              Value x = g.input("x", Shape.of(3));
              g.output(g.apply(Pointwise.MULTIPLY, x, g.input("y", Shape.of(2))));
            }),
        fault(
            "must agree in all other sizes",
            g -> {
              Value x = g.input("x", Shape.of(2, 3));
              g.output(g.apply(Concatenate.FEATURES, x, g.input("y", Shape.of(3, 3))));
            }),
        fault(
            "must agree in all other sizes",
            g -> {
              Value x = g.input("x", Shape.of(2, 3));
              g.output(g.apply(Concatenate.FEATURES, x, g.input("y", Shape.of(3))));
            }),
        fault(
            "axes 1 and 1 differ in size",
            g -> {
              Value x = g.input("x", Shape.of(2, 3));
              g.output(g.apply(Dot.of(1), x, g.input("y", Shape.of(3, 3))));
            }),
        fault(
            "axes 3 and 3 differ in size",
            g -> {
              Value x = g.input("x", Shape.of(3, 2, 4));
              g.output(g.apply(Dot.of(3), x, g.input("y", Shape.of(3, 4, 2))));
            }),
        fault(
            "Dot: axis 2 is none of an input",
            g -> {
              Value x = g.input("x", Shape.of(3));
              g.output(g.apply(Dot.of(2), x, x));
            }),
        fault(
            "Attention: takes a query [Tq, F]",
            g -> {
              Value x = g.input("x", Shape.of(2, 3));
              g.output(g.apply(Attention.create(), x, g.input("y", Shape.of(2, 4))));
            }));
  }

  private static Arguments fault(String message, Consumer<GraphBuilder> wiring) {
    return Arguments.of(message, wiring);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsNoGraphIsRefused(String message, Consumer<GraphBuilder> wiring) {
    assertThatThrownBy(() -> build(wiring))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aNodeReadsWhatIsThereBeforeIt() {
    List<Input> inputs = List.of(new Input("x", Shape.of(2)));
    List<Node> nodes = List.of(new Node(0, List.of(2)), new Node(1, List.of(0)));
    assertThatThrownBy(
            () -> new Graph(inputs, List.of(Dense.of(2), Dense.of(2)), nodes, List.of(1)))
        .hasMessageContaining("node 0 reads value 2, of which there are 1");
  }

  @Test
  void aMaskEndsWithTheSequence() {
    Graph graph =
        build(
            g -> {
              Value x = g.apply(Masking.ofZeros(), g.input("x", Shape.of(5, 3)));
              Value last = g.apply(Gru.of(4), g.apply(Lstm.of(4).returningSequences(), x));
              g.output(
                  g.apply(
                      Pointwise.ADD,
                      last,
                      g.apply(new GlobalMaxPooling1D(false), g.apply(Dense.of(4), x))));
            });
    assertThat(graph.shapes()).endsWith(Shape.of(4));
  }

  @Test
  void aValueOfAnotherGraphIsRefused() {
    Value foreign = new GraphBuilder().input("x", Shape.of(2));
    assertThatThrownBy(() -> build(g -> g.output(g.apply(Dense.of(2), foreign))))
        .hasMessageContaining("a value of one graph is used in another");
  }
}
