package dev.lanewise.engine.onnx;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Stepwise;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.protobuf.Protobuf;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes models as ONNX, operator set 17 and IR version 8, the batch's size open, and the number of
 * steps where the model leaves it so. An only input is {@code x}, [batch, ...], an only output
 * {@code y}; of several each has its name in the model. The same model gives the same bytes.
 */
public final class OnnxExport {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;

  /** More than any window of sense is long. */
  private static final int SOME_STEPS = 601;

  private final OnnxGraph file = new OnnxGraph();
  private final ModelSpec spec;
  private final Graph graph;
  private final List<List<float[]>> weights = new ArrayList<>();
  private final String[] values;
  private final OnnxMasks masks;
  private final OnnxLayers layers;

  /** The states of a stream; null where a sequence is given whole. */
  private final @Nullable OnnxStates states;

  private OnnxExport(ModelSpec spec, Parameters parameters, @Nullable OnnxStates states) {
    graph = spec.graph();
    parameters.requireFit(spec);
    int fault = parameters.firstNotFinite();
    if (fault >= 0) {
      throw new IllegalArgumentException(
          "parameters: array "
              + fault
              + " ("
              + spec.parameters().get(fault).name()
              + ") has values that are NaN or infinite; no answer would mean anything");
    }
    if (graph.nodes().stream().anyMatch(Graph.Node::within)) {
      throw new IllegalArgumentException(
          "onnx: masks within the steps of a sequence are not exported");
    }
    this.spec = spec;
    this.states = states;
    int next = 0;
    for (int layer = 0; layer < graph.layers().size(); layer++) {
      int count = graph.parameters(layer).size();
      weights.add(parameters.values().subList(next, next + count));
      next += count;
    }
    values = new String[graph.shapes().size()];
    masks = new OnnxMasks(file, graph, value -> values[value]);
    layers = new OnnxLayers(file, states);
    for (int i = 0; i < graph.inputs().size(); i++) {
      values[i] = file.input(graph.inputs().size() == 1 ? "x" : graph.inputs().get(i).name());
    }
    for (int n = 0; n < graph.nodes().size(); n++) {
      add(n);
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      file.node("Identity", List.of(values[graph.outputs().get(i)]), List.of(outputName(i)));
    }
  }

  private String outputName(int output) {
    return graph.outputs().size() == 1 ? "y" : spec.outputs().get(output).name();
  }

  /**
   * {@return a model as a file's bytes}
   *
   * @param spec the model to write
   * @param parameters its weights
   * @throws IllegalArgumentException if a layer cannot be written, or the parameters do not fit or
   *     are not finite
   */
  public static byte[] bytes(ModelSpec spec, Parameters parameters) {
    return spec.graph().anySteps()
        ? openBytes(spec, parameters)
        : new OnnxExport(spec, parameters, null).model(spec.graph()).toByteArray();
  }

  /**
   * {@return a model of one step of a sequence as a file's bytes: input {@code x}, [batch, 1,
   * features], and beside it each recurrent layer's states, [1, batch, units], as inputs {@code
   * layer0_h} and {@code layer0_c} before the step and outputs {@code layer0_h_after} and {@code
   * layer0_c_after}; of a layer of several cells {@code layer0_cell0_h} and so on}
   *
   * @param spec the model to write
   * @param parameters its weights
   * @throws IllegalArgumentException as {@link #bytes}, or if a layer makes a mask
   * @throws UnsupportedOperationException if the model cannot go step by step, as {@code
   *     Predictor.stream}
   */
  public static byte[] stepBytes(ModelSpec spec, Parameters parameters) {
    ModelSpec step = Stepwise.of(spec);
    return new OnnxExport(step, parameters, new OnnxStates()).model(step.graph()).toByteArray();
  }

  /**
   * Writes a model in place of what is there, in one step.
   *
   * @param spec the model to write
   * @param parameters its weights
   * @param file the file to write; its folder must be there
   * @throws IllegalArgumentException as {@link #bytes}
   * @throws UncheckedIOException if it cannot be written; what was there still is
   */
  public static void write(ModelSpec spec, Parameters parameters, Path file) {
    AtomicFile.replace(file, bytes(spec, parameters));
  }

  private static OnnxExport ofSteps(ModelSpec spec, int steps, Parameters parameters) {
    List<Shape> shapes = new ArrayList<>();
    for (Graph.Input input : spec.graph().inputs()) {
      shapes.add(input.anySteps() ? input.shape().withFirst(steps) : input.shape());
    }
    return new OnnxExport(spec.forInputs(shapes), parameters, null);
  }

  /** What is written of one number of steps holds for all if it is written of another, too. */
  private static byte[] openBytes(ModelSpec spec, Parameters parameters) {
    OnnxExport one = ofSteps(spec, SOME_STEPS, parameters);
    OnnxExport other = ofSteps(spec, SOME_STEPS + 1, parameters);
    String different = one.file.firstOtherThanIn(other.file);
    if (different != null) {
      throw new IllegalArgumentException(
          "onnx: "
              + different
              + " goes by the number of steps, which the model leaves open; give its input one");
    }
    return one.model(other.graph).toByteArray();
  }

  /**
   * Returns the whole file.
   *
   * @param other the graph of other samples: sizes that differ there are open
   */
  private Protobuf model(Graph other) {
    List<Protobuf> inputs = new ArrayList<>();
    List<Protobuf> outputs = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      inputs.add(valueInfo(values[i], i, other));
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      outputs.add(valueInfo(outputName(i), graph.outputs().get(i), other));
    }
    if (states != null) {
      inputs.addAll(states.inputs());
      outputs.addAll(states.outputs());
    }
    Protobuf operators = new Protobuf().put(1, "").put(2, OPERATOR_SET);
    return new Protobuf()
        .put(1, IR_VERSION)
        .put(2, "Lanewise")
        .put(7, file.message("model", inputs, outputs))
        .put(8, operators);
  }

  private Protobuf valueInfo(String name, int value, Graph other) {
    return OnnxGraph.valueInfo(name, graph.shapes().get(value), other.shapes().get(value));
  }

  private void add(int n) {
    Graph.Node node = graph.nodes().get(n);
    Layer layer = graph.layers().get(node.layer());
    requireSteps(layer, node.layer());
    boolean again = graph.firstCall(node.layer()) != n;
    String name = "layer" + node.layer() + (again ? "_call" + n : "");
    List<String> read = new ArrayList<>();
    List<Shape> shapes = new ArrayList<>();
    List<@Nullable OnnxMask> heeded = new ArrayList<>();
    boolean looks = MaskFlow.takesMasks(layer) || heedsMasks(layer.unfrozen());
    for (int place = 0; place < node.reads().size(); place++) {
      int value = node.reads().get(place);
      read.add(values[value]);
      shapes.add(graph.shapes().get(value));
      boolean lost = graph.lostMasks().at(n, place);
      int carrier = looks && !lost ? MaskFlow.heeded(layer, node, place) : MaskFlow.NONE;
      heeded.add(carrier == MaskFlow.NONE ? null : masks.of(carrier));
    }
    int first = graph.firstValue(n);
    if (layer.unfrozen() instanceof Masking) {
      heeded.set(0, masks.of(first));
    }
    if (states != null && heeded.stream().anyMatch(Objects::nonNull)) {
      throw new IllegalArgumentException(
          "onnx: " + name + " (" + layer.kerasName() + "): a mask is not exported step by step");
    }
    List<String> given =
        layers.add(
            layer, new OnnxCall(name, read, shapes, heeded, weights.get(node.layer()).iterator()));
    for (int i = 0; i < given.size(); i++) {
      values[first + i] = given.get(i);
    }
  }

  /** Returns whether a layer looks at masks though its call cannot be told any. */
  private static boolean heedsMasks(Layer layer) {
    return layer instanceof MultiHeadAttention
        || (layer instanceof Pointwise each && each.heedsMasks());
  }

  /** Windows padded to fit go by the steps if there are several in each stride. */
  private void requireSteps(Layer layer, int index) {
    SlidingWindow window =
        switch (layer.unfrozen()) {
          case Conv1D convolution -> convolution.window();
          case SparseConvolution sparse
              when sparse.window() instanceof SlidingWindow steps
                  && !(sparse instanceof ConvTranspose) ->
              steps;
          case MaxPooling1D pooling -> pooling.window();
          case AveragePooling1D pooling -> pooling.window();
          default -> null;
        };
    if (graph.anySteps()
        && window != null
        && window.padding() == Padding.SAME
        && window.strides() > 1) {
      throw new IllegalArgumentException(
          "onnx: layer"
              + index
              + " ("
              + layer.className()
              + "): padding \"same\" goes by the number of steps, which the model leaves open; give"
              + " its input one");
    }
  }
}
