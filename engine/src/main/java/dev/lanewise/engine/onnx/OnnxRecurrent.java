package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recurrent layer as one of ONNX's operators RNN, LSTM and GRU.
 *
 * <p>They are time-major. Their layout attribute would save the transposes; some runtimes refuse it
 * and one ignores it. A reversed walk is reversed back in time by ONNX and not by Keras, so the
 * input is turned in its place.
 */
final class OnnxRecurrent {
  private final OnnxGraph graph;
  private final String name;
  private final CellLayer layer;
  private final int features;
  private final Form form;

  /**
   * What ONNX has of a kind of layer.
   *
   * @param operator the operator's name
   * @param gates Keras's number of each of ONNX's gates
   * @param activations the functions in ONNX's order
   */
  private record Form(String operator, List<Integer> gates, List<Activation> activations) {
    static Form of(CellLayer layer) {
      return switch (layer) {
        case SimpleRnn rnn -> new Form("RNN", List.of(0), List.of(rnn.activation()));
        case Lstm lstm ->
            new Form(
                "LSTM",
                List.of(0, 3, 1, 2), // i, o, f, c
                List.of(lstm.recurrentActivation(), lstm.activation(), lstm.activation()));
        case Gru gru ->
            new Form("GRU", List.of(0, 1, 2), List.of(gru.recurrentActivation(), gru.activation()));
      };
    }
  }

  private OnnxRecurrent(OnnxGraph graph, String name, CellLayer layer, int features) {
    if (layer.stateful()) {
      throw new IllegalArgumentException(
          "onnx: "
              + name
              + " ("
              + layer.className()
              + "): states that are kept from batch to batch (stateful) are not exported");
    }
    this.graph = graph;
    this.name = name;
    this.layer = layer;
    this.features = features;
    form = Form.of(layer);
  }

  /**
   * Adds a layer's nodes and returns the names of its output and, if it gives them, its last
   * states; of several cells one upon the other.
   *
   * @param call what it reads: a sequence, and states to begin with or none
   * @param carried takes the layer's states, null where a sequence is given whole; not under a mask
   */
  static List<String> add(
      OnnxGraph graph, Recurrent layer, OnnxCall call, @Nullable OnnxStates carried) {
    return switch (layer) {
      case ConvLstm convolving -> new OnnxConvLstm(graph, convolving, call).add();
      case CellLayer cell -> add(graph, layer, List.of(cell), call, carried);
      case Rnn rnn -> add(graph, layer, rnn.layers(), call, carried);
    };
  }

  private static List<String> add(
      OnnxGraph graph,
      Recurrent layer,
      List<CellLayer> cells,
      OnnxCall call,
      @Nullable OnnxStates carried) {
    String value = call.x();
    int width = call.input().size(1);
    OnnxMask heeded = call.mask();
    Iterator<String> given = call.values().subList(1, call.values().size()).iterator();
    List<String> last = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      CellLayer cell = cells.get(c);
      String own = cells.size() == 1 ? call.name() : call.name() + "_cell" + c;
      OnnxRecurrent one = new OnnxRecurrent(graph, own, cell, width);
      List<String> begins = one.begins(given);
      value =
          one.add(
              value, heeded, begins, layer.returnState() ? last : null, carried, call.weights());
      width = cell.units();
      if (cell.goBackwards() && heeded != null) { // what it gives is in the order walked
        heeded = heeded.turned(own + "_walked_mask");
      }
    }
    last.addFirst(value);
    return last;
  }

  private List<String> stateNames() {
    return layer.states() == 2 ? List.of("_h", "_c") : List.of("_h");
  }

  /** Adds the states that a cell begins with, [1, batch, units] each, none if none are given. */
  private List<String> begins(Iterator<String> given) {
    List<String> begins = new ArrayList<>();
    for (String state : given.hasNext() ? stateNames() : List.<String>of()) {
      String begin = name + "_begin" + state;
      graph.node(
          "Unsqueeze", List.of(given.next(), graph.constant(begin + "_axis", 0)), List.of(begin));
      begins.add(begin);
    }
    return begins;
  }

  /**
   * Adds a cell's walk.
   *
   * @param begins the states that it begins with, none for zeros
   * @param last takes the names of its last states, null if nobody reads them
   */
  private String add(
      String input,
      @Nullable OnnxMask mask,
      List<String> begins,
      @Nullable List<String> last,
      @Nullable OnnxStates carried,
      Iterator<float[]> weights) {
    int units = layer.units();
    int gates = form.gates.size();
    float[] kernel = byGate(weights.next(), features);
    float[] recurrent = byGate(weights.next(), units);
    float[] bias = new float[2 * gates * units];
    if (layer.useBias()) {
      float[] own = weights.next();
      for (int from = 0; from < own.length; from += gates * units) {
        float[] row = Arrays.copyOfRange(own, from, from + gates * units);
        System.arraycopy(byGate(row, 1), 0, bias, from, row.length);
      }
    }
    String walked = layer.goBackwards() ? turned(graph, name + "_turned", input, 1) : input;
    OnnxMask used =
        mask == null || !layer.goBackwards() ? mask : mask.turned(name + "_turned_mask");
    String timeMajor = name + "_time_major";
    graph.node(
        "Transpose",
        List.of(used == null ? walked : used.compacted(name, walked, features)),
        List.of(timeMajor),
        Attribute.of("perm", 1, 0, 2));
    List<String> inputs = new ArrayList<>();
    inputs.addAll(
        List.of(
            timeMajor,
            graph.constant(name + "_W", Shape.of(1, gates * units, features), kernel),
            graph.constant(name + "_R", Shape.of(1, gates * units, units), recurrent),
            graph.constant(name + "_B", Shape.of(1, 2 * gates * units), bias)));
    if (used != null) {
      inputs.add(used.lengths(name));
    } else if (!begins.isEmpty()) {
      inputs.add("");
    }
    inputs.addAll(begins);
    boolean sequences = layer.returnSequences() || used != null;
    String states = name + "_states";
    List<String> outputs = new ArrayList<>(sequences ? List.of(states) : List.of("", states));
    if (carried != null) {
      states = carryOn(carried, inputs, outputs, sequences);
    } else if (last != null) {
      states = giveStates(outputs, sequences);
    }
    graph.node(form.operator, inputs, outputs, attributes());
    if (last != null) {
      List<String> given = ofBatch(outputs.subList(1, outputs.size()));
      last.addAll(used == null ? given : used.begun(name, given, ofBatch(begins)));
    }
    String axis = graph.constant(name + "_direction", sequences ? 1 : 0);
    String squeezed = name + "_squeezed";
    graph.node("Squeeze", List.of(states, axis), List.of(squeezed));
    if (!sequences) {
      return squeezed;
    }
    String batchMajor = name + "_y";
    graph.node("Transpose", List.of(squeezed), List.of(batchMajor), Attribute.of("perm", 1, 0, 2));
    if (used == null) {
      return batchMajor;
    }
    String spread = used.spread(name, batchMajor, units, layer.zeroOutputForMask());
    return layer.returnSequences() ? spread : used.last(name, spread);
  }

  /**
   * Lets the node begin with states that are given, and give those after it; returns its output.
   */
  private String carryOn(
      OnnxStates carried, List<String> inputs, List<String> outputs, boolean sequences) {
    inputs.add(""); // lengths
    String all = sequences ? outputs.getFirst() : "";
    outputs.clear();
    outputs.add(all);
    for (String state : stateNames()) {
      OnnxStates.State each = carried.add(name + state, layer.units());
      inputs.add(each.before());
      outputs.add(each.after());
    }
    return sequences ? all : outputs.get(1);
  }

  /** Lets the node give its last states; returns its output. */
  private String giveStates(List<String> outputs, boolean sequences) {
    String all = sequences ? outputs.getFirst() : "";
    outputs.clear();
    outputs.add(all);
    stateNames().forEach(state -> outputs.add(name + "_last" + state));
    return sequences ? all : outputs.get(1);
  }

  /** Adds states [1, batch, units] as [batch, units]. */
  private List<String> ofBatch(List<String> states) {
    List<String> squeezed = new ArrayList<>();
    for (String state : states) {
      String axis = graph.constant(state + "_direction", 0);
      squeezed.add(state + "_of_batch");
      graph.node("Squeeze", List.of(state, axis), List.of(squeezed.getLast()));
    }
    return squeezed;
  }

  /** Turns a time axis, as {@code turned}: from the last step to before the first. */
  static String turned(OnnxGraph graph, String turned, String sequence, int axis) {
    graph.node(
        "Slice",
        List.of(
            sequence,
            graph.constant(turned + "_start", -1),
            graph.constant(turned + "_end", Long.MIN_VALUE + 1),
            graph.constant(turned + "_axis", axis),
            graph.constant(turned + "_step", -1)),
        List.of(turned));
    return turned;
  }

  /** The lists of constants go by the functions that take them. */
  private Attribute[] attributes() {
    String who = name + " (" + layer.className() + ")";
    List<String> names = new ArrayList<>();
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    for (Activation activation : form.activations) {
      OnnxActivation.InCell f = OnnxActivation.inCell(activation, who);
      names.add(f.name());
      alphas.addAll(f.alpha());
      betas.addAll(f.beta());
    }
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.strings("activations", names));
    if (!alphas.isEmpty()) {
      attributes.add(Attribute.floats("activation_alpha", alphas));
    }
    if (!betas.isEmpty()) {
      attributes.add(Attribute.floats("activation_beta", betas));
    }
    attributes.add(Attribute.of("hidden_size", layer.units()));
    if (layer instanceof Gru gru) {
      attributes.add(Attribute.of("linear_before_reset", gru.resetAfter() ? 1 : 0));
    }
    return attributes.toArray(Attribute[]::new);
  }

  /** Turns Keras's [rows, gates * units] into ONNX's [gates * units, rows], gates in its order. */
  private float[] byGate(float[] matrix, int rows) {
    int units = layer.units();
    int columns = form.gates.size() * units;
    float[] result = new float[matrix.length];
    for (int g = 0; g < form.gates.size(); g++) {
      for (int u = 0; u < units; u++) {
        for (int r = 0; r < rows; r++) {
          int column = form.gates.get(g) * units + u;
          result[(g * units + u) * rows + r] = matrix[r * columns + column];
        }
      }
    }
    return result;
  }
}
