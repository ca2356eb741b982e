package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States that layers are given and give, against Keras's float64 values. */
class StatesGoldenTest {
  private static final double TOLERANCE = 1e-12;
  private static final double FLOAT_TOLERANCE = 2e-6;
  private static final int UNITS = 7;
  private static final int STEPS = 6;

  private record Case(String name, Layer layer) {
    @Override
    public String toString() {
      return name;
    }

    Npy array(String member) {
      return Npy.readMember("recurrent/states/" + name, member);
    }

    /** Reads prefix_0 and so on, or the only one, which has no number. */
    List<Npy> arrays(String prefix, int count) {
      return count == 1
          ? List.of(array(prefix))
          : IntStream.range(0, count).mapToObj(i -> array(prefix + "_" + i)).toList();
    }

    Graph graph() {
      GraphBuilder graph = new GraphBuilder();
      if (name.equals("encoder_decoder")) {
        Value[] states = graph.applyAll(layer, input(graph, 0)).toArray(Value[]::new);
        states[0] = input(graph, 1);
        Value y = graph.apply(Lstm.of(UNITS).returningSequences(), states);
        graph.output(graph.apply(Dense.of(3), y));
        return graph.build();
      }
      if (name.contains("mask")) {
        return maskedGraph(graph);
      }
      int inputs = !name.endsWith("initial_state") ? 1 : states() + 1;
      Value[] read =
          IntStream.range(0, inputs)
              .mapToObj(i -> inputs == 1 ? input(graph, "x") : input(graph, i))
              .toArray(Value[]::new);
      graph.output(graph.applyAll(layer, read).toArray(Value[]::new));
      return graph.build();
    }

    /** A mask that is told is an input of its own, 1 where a step counts. */
    private Graph maskedGraph(GraphBuilder graph) {
      Value x = input(graph, name.contains("initial") ? "x_0" : "x");
      List<Value> read = new ArrayList<>(List.of(x));
      for (int s = 0; name.contains("initial") && s < states(); s++) {
        read.add(input(graph, 1 + s));
      }
      if (name.endsWith("ignored")) {
        read.set(0, graph.apply(Masking.ofZeros(), x));
        graph.output(graph.applyAll(layer, read.toArray(Value[]::new)).toArray(Value[]::new));
        return graph.build();
      }
      Value mask = graph.apply(Masking.ofZeros(), graph.input("mask", Shape.of(STEPS, 1)));
      graph.output(
          graph
              .share(layer)
              .applyUnder(List.of(mask), read.toArray(Value[]::new))
              .toArray(Value[]::new));
      return graph.build();
    }

    /** Returns the inputs in the graph's order, and the gradients by them. */
    List<Npy> inputs(Graph graph, String prefix) {
      List<Npy> all = new ArrayList<>();
      for (Graph.Input input : graph.inputs()) {
        String name = input.name();
        if (name.equals("mask")) {
          all.add(prefix.equals("x") ? array("mask") : array("mask").zeros());
        } else {
          all.add(array(prefix + name.substring(1)));
        }
      }
      return all;
    }

    private int states() {
      int own = name.contains("lstm") ? 2 : 1;
      return name.startsWith("bidirectional") ? 2 * own : own;
    }

    private Value input(GraphBuilder graph, int index) {
      return input(graph, "x_" + index);
    }

    private Value input(GraphBuilder graph, String member) {
      int[] shape = array(member).shape();
      return graph.input(member, Shape.of(Arrays.copyOfRange(shape, 1, shape.length)));
    }
  }

  static Stream<Case> cases() {
    Lstm lstm = Lstm.of(UNITS).returningSequences().returningState();
    Gru gru = Gru.of(UNITS).returningSequences().returningState();
    return Stream.of(
        new Case("lstm_initial_state", lstm),
        new Case("gru_initial_state", gru),
        new Case("gru_reset_before_initial_state", gru.resettingBefore()),
        new Case(
            "simple_rnn_initial_state", SimpleRnn.of(UNITS).returningSequences().returningState()),
        new Case("bidirectional_lstm_initial_state", Bidirectional.of(lstm)),
        new Case("encoder_decoder", Lstm.of(UNITS).returningState()),
        new Case("lstm_return_state_go_backwards", lstm.goingBackwards()),
        new Case(
            "gru_reset_before_return_state_go_backwards", gru.resettingBefore().goingBackwards()),
        new Case("lstm_initial_state_mask_argument", lstm),
        new Case("lstm_initial_state_mask_ignored", lstm),
        new Case("gru_reset_before_initial_state_mask_argument", gru.resettingBefore()),
        new Case("gru_reset_before_initial_state_mask_ignored", gru.resettingBefore()),
        new Case(
            "simple_rnn_initial_state_mask_argument",
            SimpleRnn.of(UNITS).returningSequences().returningState()),
        new Case(
            "lstm_return_state_last_zero_masked",
            Lstm.of(UNITS)
                .with(Lstm.of(UNITS).options().withZeroOutputForMask(true))
                .returningState()));
  }

  private static double[] joined(List<Npy> arrays) {
    int samples = arrays.getFirst().shape()[0];
    double[] all = new double[arrays.stream().mapToInt(array -> array.values().length).sum()];
    int at = 0;
    for (int n = 0; n < samples; n++) {
      for (Npy array : arrays) {
        int each = array.values().length / samples;
        System.arraycopy(array.values(), n * each, all, at, each);
        at += each;
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statesAndTheirGradientsAreKerass(Case golden) {
    Graph graph = golden.graph();
    int outputs = graph.outputs().size();
    int count =
        new ModelSpec(graph, Loss.MEAN_SQUARED_ERROR, Adam.withDefaults(), List.of())
            .parameters()
            .size();
    List<Npy> stored =
        IntStream.range(0, count).mapToObj(i -> golden.array("weight_" + i)).toList();
    List<double[]> weights = stored.stream().map(Npy::values).toList();
    ReferenceModel model = new ReferenceModel(graph, weights);
    double[] x = joined(golden.inputs(graph, "x"));
    double[] y = joined(golden.arrays("y", outputs));
    assertThat(model.forward(x)).usingComparatorWithPrecision(TOLERANCE).containsExactly(y);
    int samples = golden.inputs(graph, "x").getFirst().shape()[0];
    ReferenceModel.Gradients found =
        model.backward(joined(golden.arrays("upstream", outputs)), samples);
    assertThat(found.input())
        .usingComparatorWithPrecision(TOLERANCE)
        .containsExactly(joined(golden.inputs(graph, "grad_x")));
    for (int i = 0; i < count; i++) {
      assertThat(found.weights().get(i))
          .as("weight " + i)
          .usingComparatorWithPrecision(TOLERANCE)
          .containsExactly(golden.array("grad_weight_" + i).values());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theEngineGivesThemToFloatPrecision(Case golden) {
    Graph graph = golden.graph();
    ModelSpec spec = new ModelSpec(graph, Loss.MEAN_SQUARED_ERROR, Adam.withDefaults(), List.of());
    List<float[]> weights =
        IntStream.range(0, spec.parameters().size())
            .mapToObj(i -> golden.array("weight_" + i).floats())
            .toList();
    double[] y = joined(golden.arrays("y", graph.outputs().size()));
    float[] x = Floats.of(joined(golden.inputs(graph, "x")));
    try (Predictor predictor = new CpuBackend().predictor(spec, Parameters.initial(weights), 1)) {
      float[] outputs = new float[y.length];
      predictor.predict(x, outputs);
      int each = predictor.outputSize();
      float[] one = new float[each];
      for (int n = 0; n < y.length / each; n++) {
        int from = n * predictor.inputSize();
        predictor.predict(Arrays.copyOfRange(x, from, from + predictor.inputSize()), one);
        for (int i = 0; i < each; i++) {
          assertThat((double) outputs[n * each + i])
              .isCloseTo(y[n * each + i], org.assertj.core.data.Offset.offset(FLOAT_TOLERANCE));
          assertThat(one[i]).isEqualTo(outputs[n * each + i]);
        }
      }
    }
  }
}
