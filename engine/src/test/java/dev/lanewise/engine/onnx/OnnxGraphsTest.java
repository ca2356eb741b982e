package dev.lanewise.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Shared;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported graphs of layers beside our own, in onnxruntime. */
class OnnxGraphsTest {
  private static final int SAMPLES = 7;
  static final int STEPS = 6;
  private static final int WORDS = 12;
  static final Shape SEQUENCE = Shape.of(STEPS, 4);
  static final Shape OTHER = Shape.of(5, 4);

  static Named<Consumer<GraphBuilder>> named(String name, Consumer<GraphBuilder> wiring) {
    return Named.of(name, wiring);
  }

  static Value words(GraphBuilder g, String name) {
    return g.apply(Embedding.of(WORDS, 4).maskingZero(), g.input(name, Shape.of(STEPS)));
  }

  static Stream<Named<Consumer<GraphBuilder>>> graphs() {
    return Stream.of(
            Stream.of(
                named("two inputs", OnnxGraphsTest::twoInputs),
                named("shared layers", OnnxGraphsTest::sharedLayers),
                named("states of an LSTM", OnnxGraphsTest::encoderAndDecoder),
                named("states of cells", OnnxGraphsTest::statesOfCells),
                named("states both ways", OnnxGraphsTest::statesBothWays),
                named("states under a mask", OnnxGraphsTest::statesUnderAMask),
                named("sequences at each step", OnnxGraphsTest::sequencesAtEachStep),
                named("several outputs", OnnxGraphsTest::severalOutputs),
                named("a mean under a mask", OnnxGraphsTest::meanUnderMask),
                named("masks that meet", OnnxGraphsTest::masksThatMeet),
                named("elements under masks", OnnxGraphsTest::elementsUnderMasks),
                named("masks by Keras 2's rule", OnnxGraphsTest::masksByTheOtherRule),
                named("masks in turn", OnnxGraphsTest::masksInTurn),
                named("a mask that is told", OnnxGraphsTest::maskThatIsTold)),
            Stream.of(Pointwise.Operation.values()).map(OnnxGraphsTest::pointwise),
            dots(),
            AttentionGraphs.all(),
            PictureGraphs.all())
        .flatMap(each -> each);
  }

  private static void twoInputs(GraphBuilder g) {
    Value a = g.apply(Lstm.of(5), g.input("series", SEQUENCE));
    Value b = g.apply(Dense.of(3, Activation.RELU), g.input("facts", Shape.of(2)));
    g.output(g.apply(Dense.of(2, Activation.SOFTMAX), g.apply(Concatenate.FEATURES, a, b)));
  }

  private static void sharedLayers(GraphBuilder g) {
    Shared gru = g.share(Gru.of(3));
    Shared dense = g.share(Dense.of(2));
    Value a = dense.apply(gru.apply(g.input("left", SEQUENCE)));
    Value b = dense.apply(gru.apply(g.input("right", OTHER)));
    g.output(g.apply(Pointwise.SUBTRACT, a, b));
  }

  private static void encoderAndDecoder(GraphBuilder g) {
    List<Value> encoded = g.applyAll(Lstm.of(3).returningState(), g.input("a", SEQUENCE));
    Value decoded =
        g.apply(
            Lstm.of(3).returningSequences(), g.input("b", OTHER), encoded.get(1), encoded.get(2));
    g.output(
        g.apply(
            Concatenate.FEATURES, g.apply(new GlobalMaxPooling1D(false), decoded), encoded.get(0)));
  }

  private static void statesOfCells(GraphBuilder g) {
    Rnn cells = Rnn.of(Lstm.of(3), Gru.of(2));
    List<Value> all =
        g.applyAll(cells.returningSequences().returningState(), g.input("a", SEQUENCE));
    g.output(
        g.apply(cells, g.input("b", OTHER), all.get(1), all.get(2), all.get(3)),
        g.apply(Gru.of(2).goingBackwards(), all.get(0), all.get(3)));
  }

  private static void statesBothWays(GraphBuilder g) {
    Bidirectional both = Bidirectional.of(Lstm.of(3).returningState());
    List<Value> all = g.applyAll(both, g.input("a", SEQUENCE));
    List<Value> again =
        g.applyAll(both, g.input("b", OTHER), all.get(1), all.get(2), all.get(3), all.get(4));
    List<Value> apart =
        g.applyAll(
            Bidirectional.of(Gru.of(2).returningSequences(), Bidirectional.Merge.NONE),
            g.input("c", SEQUENCE));
    g.output(again.get(0), again.get(3), apart.get(1), g.apply(Dense.of(1), apart.get(0)));
  }

  /** One of the samples has no step that counts. */
  private static void statesUnderAMask(GraphBuilder g) {
    List<Value> first = g.applyAll(Lstm.of(3).returningState(), words(g, "a"));
    List<Value> next =
        g.applyAll(
            Lstm.of(3).returningSequences().returningState(),
            words(g, "b"),
            first.get(1),
            first.get(2));
    List<Value> told =
        g.share(Gru.of(3).returningState())
            .applyUnder(
                List.of(g.apply(Masking.ofZeros(), g.input("c", SEQUENCE))),
                next.get(0),
                next.get(2));
    List<Value> both = g.applyAll(Bidirectional.of(Gru.of(2).returningState()), words(g, "d"));
    g.output(next.get(1), told.get(0), told.get(1), both.get(1), both.get(2));
  }

  private static void sequencesAtEachStep(GraphBuilder g) {
    Value all = g.input("a", Shape.of(STEPS, 5, 3));
    Value line = g.apply(new TimeDistributed(Bidirectional.of(Gru.of(2))), all);
    Value wide = g.apply(new TimeDistributed(new TimeDistributed(Dense.of(2))), all);
    Value deep = g.apply(new TimeDistributed(new GlobalMaxPooling1D(false)), wide);
    g.output(g.apply(SimpleRnn.of(2), g.apply(Concatenate.FEATURES, line, deep)));
  }

  private static void severalOutputs(GraphBuilder g) {
    Value seen = g.apply(SimpleRnn.of(4).returningSequences(), g.input("only", SEQUENCE));
    g.output(g.apply(Dense.of(3), seen), g.apply(new GlobalMaxPooling1D(false), seen));
  }

  private static void meanUnderMask(GraphBuilder g) {
    g.output(g.apply(GlobalAveragePooling1D.withDefaults(), words(g, "ids")));
  }

  private static void masksThatMeet(GraphBuilder g) {
    Value a = words(g, "a");
    Value b = words(g, "b");
    Value c = g.apply(Masking.ofZeros(), g.input("c", SEQUENCE));
    Value sum =
        g.apply(Pointwise.ADD, g.apply(Concatenate.FEATURES, a, b), g.apply(Dense.of(8), c));
    g.output(g.apply(Lstm.of(3).returningSequences(), sum));
  }

  /** What is given is seen at masked steps, too. */
  private static void elementsUnderMasks(GraphBuilder g) {
    Value a = words(g, "a");
    Value b = words(g, "b");
    Value c = g.apply(Dense.of(4), g.input("c", SEQUENCE));
    g.output(
        g.apply(Pointwise.MULTIPLY, a, b),
        g.apply(Pointwise.MULTIPLY, a, c),
        g.apply(Pointwise.MAXIMUM, a, b),
        g.apply(Pointwise.MINIMUM, c, b, a));
  }

  private static void masksByTheOtherRule(GraphBuilder g) {
    Value a = words(g, "a");
    Value b = words(g, "b");
    Value c = g.apply(Dense.of(4), g.input("c", SEQUENCE));
    Value product = g.apply(Pointwise.MULTIPLY.withRule(MaskRule.KERAS_2), a, b, c);
    Value side = g.apply(Concatenate.FEATURES.withRule(MaskRule.KERAS_2), c, product);
    g.output(product, g.apply(Lstm.of(3).returningSequences(), side));
  }

  private static void masksInTurn(GraphBuilder g) {
    Value all = g.apply(new Concatenate(1), words(g, "a"), words(g, "b"));
    g.output(g.apply(Bidirectional.of(Gru.of(3)), all));
  }

  private static void maskThatIsTold(GraphBuilder g) {
    Value a = words(g, "a");
    Value other = g.input("b", SEQUENCE);
    g.output(g.share(Gru.of(3)).applyUnder(List.of(a), other).getFirst(), g.apply(Gru.of(2), a));
  }

  private static Named<Consumer<GraphBuilder>> pointwise(Pointwise.Operation operation) {
    return named(
        operation.name(),
        g -> {
          Value a = g.apply(Dense.of(4), g.input("a", SEQUENCE));
          Value b = g.apply(Dense.of(1), g.input("b", SEQUENCE));
          Value c = g.apply(Dense.of(4), g.input("c", Shape.of(3)));
          boolean two = operation == Pointwise.Operation.SUBTRACT;
          Pointwise layer = new Pointwise(operation);
          g.output(two ? g.apply(layer, c, b) : g.apply(layer, a, b, c), g.apply(Dense.of(1), a));
        });
  }

  private static Stream<Named<Consumer<GraphBuilder>>> dots() {
    Shape vector = Shape.of(4);
    return Stream.of(
        dot(vector, vector, Dot.of(1)),
        dot(vector, vector, new Dot(-1, 1, true)),
        dot(SEQUENCE, vector, new Dot(2, 1, false)),
        dot(vector, OTHER, new Dot(1, -1, true)),
        dot(SEQUENCE, OTHER, new Dot(2, 2, false)),
        dot(SEQUENCE, SEQUENCE, new Dot(1, 1, true)),
        dot(SEQUENCE, Shape.of(3, 6), new Dot(1, 2, false)),
        dot(Shape.of(3, 6), SEQUENCE, new Dot(2, 1, true)));
  }

  private static Named<Consumer<GraphBuilder>> dot(Shape a, Shape b, Dot dot) {
    return named(
        a + " " + b + " " + dot,
        g ->
            g.output(
                g.apply(dot, g.apply(Dense.of(a.size(-1)), g.input("a", a)), g.input("b", b))));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void onnxRuntimeAnswersAsWeDo(Consumer<GraphBuilder> wiring) throws OrtException {
    try (Model model = compiled(wiring)) {
      ModelSpec spec = model.spec();
      Graph graph = spec.graph();
      SplitMix64 random = new SplitMix64(5);
      List<float[]> inputs = new ArrayList<>();
      for (int i = 0; i < graph.inputs().size(); i++) {
        inputs.add(values(i, graph.inputs().get(i).shape(), graph.tokenRows(i) > 0, random));
      }
      assertThat(OnnxExport.bytes(spec, model.parameters()))
          .isEqualTo(OnnxExport.bytes(spec, model.parameters()));
      OnnxRuntime.requireOurs(model, spec, inputs, SAMPLES);
    }
  }

  /** Drawn numbers, with steps of zeros in front, behind and within; of words, ids with zeros. */
  private static float[] values(int input, Shape shape, boolean words, SplitMix64 random) {
    int steps = shape.rank() == 1 && !words ? 1 : shape.size(0);
    int width = Math.toIntExact(shape.elementCount()) / steps;
    float[] values = new float[SAMPLES * steps * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = words ? 1 + random.nextInt(WORDS - 1) : (float) (2 * random.nextDouble() - 1);
    }
    int[] masked = {0, 0b110000, 0b000011, 0b011000, 0b101010, 0b010101, 0b111111};
    for (int step = 0; step < SAMPLES * steps && steps > 1; step++) {
      if ((masked[(step / steps + input) % masked.length] >> step % steps % 6 & 1) == 1) {
        Arrays.fill(values, step * width, (step + 1) * width, 0);
      }
    }
    return values;
  }

  private static Model compiled(Consumer<GraphBuilder> wiring) {
    GraphBuilder builder = new GraphBuilder();
    wiring.accept(builder);
    int outputs = builder.build().outputs().size();
    Model model = Model.graph(wiring);
    return outputs == 1
        ? model.compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)
        : model.compile(
            Sgd.of(0.1),
            IntStream.range(0, outputs)
                .mapToObj(i -> new OutputSpec("out" + i, Loss.MEAN_SQUARED_ERROR, 1, List.of()))
                .toList());
  }

  private static Graph.Input open(String name, Shape shape) {
    return new Graph.Input(name, shape, true, 0);
  }

  static Stream<Graph> openGraphs() {
    Embedding words = Embedding.of(WORDS, 4).maskingZero();
    Graph.Input sequence = open("a", Shape.of(3, 4));
    List<Node> twoReaders =
        List.of(
            new Node(0, List.of(0)),
            new Node(1, List.of(1)),
            new Node(2, List.of(1)),
            new Node(3, List.of(2, 3)));
    return Stream.of(
        Graph.chain(open("ids", Shape.of(5)), List.of(words, Lstm.of(3), Dense.of(2))),
        Graph.chain(
            open("ids", Shape.of(5)),
            List.of(words, Bidirectional.of(Gru.of(3).returningSequences()), Dense.of(2))),
        Graph.chain(
            sequence,
            List.of(
                Conv1D.of(3, 3).withPadding(Padding.SAME),
                MaxPooling1D.of(2),
                LayerNormalization.withDefaults(),
                SimpleRnn.of(3).goingBackwards().returningSequences())),
        Graph.chain(sequence, List.of(Masking.ofZeros(), GlobalAveragePooling1D.withDefaults())),
        new Graph(
            List.of(sequence),
            List.of(
                Gru.of(4).returningSequences(),
                Dense.of(4),
                new GlobalMaxPooling1D(false),
                Pointwise.ADD),
            twoReaders,
            List.of(4)));
  }

  @ParameterizedTest
  @MethodSource("openGraphs")
  void theNumberOfStepsIsOpenWhereTheModelLeavesItSo(Graph graph) throws OrtException {
    try (Model model = Model.of(graph).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      for (int steps : new int[] {6, 7, 40}) {
        Shape shape = graph.inputs().getFirst().shape().withFirst(steps);
        float[] x = values(0, shape, graph.tokenRows(0) > 0, new SplitMix64(steps));
        ModelSpec spec = model.spec().forInputs(List.of(shape));
        OnnxRuntime.requireOurs(model, spec, List.of(x), SAMPLES);
      }
    }
  }

  @Test
  void whatGoesByTheNumberOfStepsIsRefusedWhereThatIsOpen() {
    Graph.Input sequence = open("a", Shape.of(3, 4));
    refusedOpen(
        "layer0 (Conv1D): padding \"same\" goes by",
        Graph.chain(sequence, List.of(Conv1D.of(3, 3).withStrides(3).withPadding(Padding.SAME))));
    refusedOpen(
        "layer0 (DepthwiseConv1D): padding \"same\" goes by",
        Graph.chain(
            sequence,
            List.of(
                DepthwiseConv.of(SlidingWindow.of(3).withStrides(3).withPadding(Padding.SAME)))));
    refusedOpen("layer0_steps goes by", Graph.chain(sequence, List.of(new UpSampling1D(2))));
    refusedOpen(
        "layer0_before goes by",
        new Graph(
            List.of(sequence),
            List.of(new Attention(false, ScoreMode.DOT, true)),
            List.of(new Node(0, List.of(0, 0))),
            List.of(1)));
  }

  private static void refusedOpen(String told, Graph graph) {
    try (Model model = Model.of(graph).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> OnnxExport.bytes(model.spec(), model.parameters()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("onnx: " + told)
          .hasMessageContaining("leaves open");
    }
  }

  @Test
  void whatCannotBeWrittenIsRefusedByName() {
    refused(
        "layer0_y: there is something of that name already",
        g ->
            g.output(
                g.apply(Pointwise.ADD, g.input("layer0_y", SEQUENCE), g.input("b", SEQUENCE))));
    refused(
        "out0: there is something of that name already",
        g -> {
          Value a = g.input("out0", SEQUENCE);
          Value b = g.input("b", SEQUENCE);
          g.output(g.apply(Dense.of(2), a), g.apply(Dense.of(2), b));
        });
    refused(
        "one of them without",
        g -> {
          Value b = g.input("b", SEQUENCE);
          g.output(g.apply(Gru.of(2), g.apply(new Concatenate(1), words(g, "a"), b)));
        });
  }

  private static void refused(String told, Consumer<GraphBuilder> wiring) {
    try (Model model = compiled(wiring)) {
      assertThatThrownBy(() -> OnnxExport.bytes(model.spec(), model.parameters()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("onnx: ")
          .hasMessageContaining(told);
    }
  }

  @Test
  void layersThatAreNotExportedAreNamed() {
    refused(
        "(dot): a Dot of more than [steps, features] is not exported yet",
        g -> g.output(g.apply(new Dot(3, 1, false), picture(g), g.input("b", Shape.of(2)))));
  }

  static Value picture(GraphBuilder g) {
    return g.input("a", Shape.of(3, 4, 2));
  }
}
