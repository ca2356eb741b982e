package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Writes an LSTM of convolutions, which ONNX does not have, step by step. What the inputs add to
 * the sums is one convolution over all steps; features are before positions throughout.
 */
final class OnnxConvLstm {
  private static final int GATES = 4;
  private static final long[] EACH_STEP = {1};

  private final OnnxGraph graph;
  private final ConvLstm layer;
  private final OnnxCall call;
  private final String name;
  private final int steps;
  private final Shape state;

  OnnxConvLstm(OnnxGraph graph, ConvLstm layer, OnnxCall call) {
    this.graph = graph;
    this.layer = layer;
    this.call = call;
    name = call.name();
    steps = call.input().size(0);
    state = layer.stateShape(call.input());
  }

  /** Adds the nodes and returns the names of what they make: the output, and last states. */
  List<String> add() {
    Shape step = call.input().part();
    String kernel = kernel("_kernel", step.size(-1));
    String recurrentKernel = kernel("_recurrent_kernel", layer.filters());
    List<String> read = new ArrayList<>(List.of(sequence(step), kernel));
    if (layer.options().useBias()) {
      int columns = GATES * layer.filters();
      read.add(graph.constant(name + "_bias", Shape.of(columns), call.weights().next()));
    }
    String sums = convolution(name + "_inputs", read, layer.window(), step);
    sums = resized(name + "_by_step", sums, columns());
    List<String> states = new ArrayList<>();
    boolean given = call.values().size() > 1;
    String h = given ? featuresFirst("_h", call.values().get(1)) : "";
    String c = given ? featuresFirst("_c", call.values().get(2)) : "";
    for (int t = 0; t < steps; t++) {
      String at = name + "_" + t;
      boolean back = layer.options().walk().goBackwards();
      String z = gathered(at + "_x", sums, back ? steps - 1 - t : t);
      if (!h.isEmpty()) {
        List<String> of = List.of(h, recurrentKernel);
        z = two("Add", at + "_z", z, convolution(at + "_h", of, layer.window().around(), state));
      }
      List<String> gates = gates(at, z);
      String candidate = two("Mul", at + "_new", gates.get(0), gates.get(2));
      c =
          c.isEmpty()
              ? candidate
              : two("Add", at + "_c", two("Mul", at + "_kept", gates.get(1), c), candidate);
      String out = OnnxActivation.apply(graph, layer.activation(), at + "_out", c);
      h = two("Mul", at + "_y", gates.get(3), out);
      states.add(h);
    }
    String y = layer.returnSequences() ? all(states) : featuresLast(name + "_y", h, 1);
    return layer.returnState()
        ? List.of(y, featuresLast(name + "_last_h", h, 1), featuresLast(name + "_last_c", c, 1))
        : List.of(y);
  }

  /** Returns the inputs of all steps as samples of their own, features first. */
  private String sequence(Shape step) {
    long[] sizes = new long[step.rank() + 1];
    sizes[0] = -1;
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = step.size(i - 1);
    }
    String each = name + "_each_step";
    String shape = graph.constant(each + "_shape", sizes);
    graph.node("Reshape", List.of(call.x(), shape), List.of(each));
    return OnnxGrid.featuresFirst(graph, name + "_features", each, step.rank() - 1);
  }

  /** Returns the sizes of the sums of a sample, steps first. */
  private long[] columns() {
    LongStream places = IntStream.range(0, state.rank() - 1).mapToLong(state::size);
    LongStream first = LongStream.of(-1, steps, (long) GATES * layer.filters());
    return LongStream.concat(first, places).toArray();
  }

  private String resized(String as, String x, long[] sizes) {
    String shape = graph.constant(as + "_shape", sizes);
    graph.node("Reshape", List.of(x, shape), List.of(as));
    return as;
  }

  private String kernel(String suffix, int features) {
    int columns = GATES * layer.filters();
    float[] values = call.weights().next();
    return OnnxGrid.kernel(graph, name + suffix, layer.window(), features, columns, values);
  }

  /** Adds a convolution over positions of a shape, which has the features last. */
  private String convolution(String as, List<String> in, Window window, Shape over) {
    graph.node("Conv", in, List.of(as), OnnxGrid.convolution(layer.className(), window, over));
    return as;
  }

  private String gathered(String as, String x, int step) {
    String index = graph.index(as + "_step", step);
    graph.node("Gather", List.of(x, index), List.of(as), Attribute.of("axis", 1));
    return as;
  }

  /** Returns the gates, in Keras's order i, f, g, o. */
  private List<String> gates(String at, String z) {
    List<String> sums = List.of(at + "_zi", at + "_zf", at + "_zg", at + "_zo");
    graph.node("Split", List.of(z), sums, Attribute.of("axis", 1));
    List<String> gates = new ArrayList<>();
    for (int g = 0; g < GATES; g++) {
      Activation f = g == 2 ? layer.activation() : layer.recurrentActivation();
      gates.add(OnnxActivation.apply(graph, f, at + "_gate_" + g, sums.get(g)));
    }
    return gates;
  }

  private String two(String operation, String as, String one, String other) {
    graph.node(operation, List.of(one, other), List.of(as));
    return as;
  }

  private String all(List<String> states) {
    String axis = graph.constant(name + "_steps_axis", EACH_STEP);
    List<String> each = new ArrayList<>();
    for (String of : states) {
      graph.node("Unsqueeze", List.of(of, axis), List.of(of + "_step"));
      each.add(of + "_step");
    }
    String joined = name + "_states";
    graph.node("Concat", each, List.of(joined), Attribute.of("axis", 1));
    return featuresLast(name + "_y", joined, 2);
  }

  private String featuresFirst(String suffix, String x) {
    return OnnxGrid.featuresFirst(graph, name + suffix, x, state.rank() - 1);
  }

  private String featuresLast(String as, String x, int features) {
    return OnnxGrid.featuresLast(graph, as, x, features, state.rank() - 1);
  }
}
