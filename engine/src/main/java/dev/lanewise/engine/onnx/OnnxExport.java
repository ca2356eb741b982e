package dev.lanewise.engine.onnx;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Stepwise;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Convolution1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GlobalPooling2D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pooling2D;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.protobuf.Protobuf;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes models as ONNX, operator set 17 and IR version 8: input {@code x}, [batch, ...], output
 * {@code y}, the batch's size open. The same model gives the same bytes.
 */
public final class OnnxExport {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;

  private final OnnxGraph graph = new OnnxGraph();
  private final ModelSpec spec;
  private final Iterator<float[]> weights;
  private final OnnxWindows windows = new OnnxWindows(graph);
  private final OnnxNorms norms = new OnnxNorms(graph);

  /** Of the value that was added last; null where all its steps count. */
  private @Nullable OnnxMask mask;

  /** The states of a stream; null where a sequence is given whole. */
  private final @Nullable OnnxStates states;

  private OnnxExport(ModelSpec spec, Parameters parameters, @Nullable OnnxStates states) {
    if (!spec.graph().isChain()) {
      throw new IllegalArgumentException(
          "model: a graph in which layers do not simply follow one another cannot be written as"
              + " ONNX yet");
    }
    if (spec.graph().anySteps()) {
      throw new IllegalArgumentException(
          "model: "
              + spec.graph()
              + " leaves the number of steps open, which cannot be written as ONNX yet");
    }
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
    this.spec = spec;
    this.states = states;
    weights = parameters.values().iterator();
  }

  /**
   * {@return a model as a file's bytes}
   *
   * @param spec the model to write
   * @param parameters its weights
   * @throws IllegalArgumentException if the model is no stack of layers, or the parameters do not
   *     fit or are not finite
   */
  public static byte[] bytes(ModelSpec spec, Parameters parameters) {
    return new OnnxExport(spec, parameters, null).model().toByteArray();
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
    return new OnnxExport(Stepwise.of(spec), parameters, new OnnxStates()).model().toByteArray();
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

  private Protobuf model() {
    String value = "x";
    for (int i = 0; i < spec.layers().size(); i++) {
      String name = "layer" + i;
      Layer layer = spec.layers().get(i);
      value = layer(layer, name, value, spec.inputOf(i));
      mask = MaskFlow.passesOn(layer) ? mask : null;
    }
    graph.node("Identity", List.of(value), List.of("y"));
    Protobuf operators = new Protobuf().put(1, "").put(2, OPERATOR_SET);
    List<Protobuf> inputs = new ArrayList<>(List.of(OnnxGraph.valueInfo("x", spec.input())));
    List<Protobuf> outputs = new ArrayList<>(List.of(OnnxGraph.valueInfo("y", spec.output())));
    if (states != null) {
      inputs.addAll(states.inputs());
      outputs.addAll(states.outputs());
    }
    return new Protobuf()
        .put(1, IR_VERSION)
        .put(2, "Lanewise")
        .put(7, graph.message("model", inputs, outputs))
        .put(8, operators);
  }

  private String layer(Layer layer, String name, String x, Shape input) {
    return switch (layer) {
      case Recurrent recurrent ->
          OnnxRecurrent.add(graph, name, recurrent, input.size(1), x, mask, states, weights);
      case Bidirectional both -> bidirectional(both, name, x, input);
      case Dense dense -> dense(dense, name, x, input);
      case TimeDistributed distributed when distributed.actsOnFeatures() ->
          layer(distributed.layer(), name, x, input);
      case TimeDistributed distributed ->
          throw refused(distributed.className() + " of " + distributed.layer().className());
      case Conv2D convolution -> throw refused(convolution.className());
      case Pooling2D pooling -> throw refused(pooling.className());
      case Relocation picture -> throw refused(picture.className());
      case GlobalPooling2D pooling -> throw refused(pooling.className());
      case ActivationLayer function -> OnnxActivation.apply(graph, function.activation(), name, x);
      case Masking masking -> mask(masking, name, x, input);
      case LeakyRelu leaky ->
          node("LeakyRelu", name, x, Attribute.of("alpha", (float) leaky.negativeSlope()));
      case Softmax softmax -> node("Softmax", name, x, Attribute.of("axis", softmax.axis(input)));
      case Noise noise -> x;
      case Rowwise rowwise -> throw refused(rowwise.className());
      case Dropout dropout -> x;
      case SpatialDropout1D dropout -> x;
      case Flatten flatten -> reshape(name, x, flatten.outputShape(input));
      case Reshape reshape -> reshape(name, x, reshape.outputShape(input));
      case Embedding embedding -> embedding(embedding, name, x);
      case BatchNormalization normalization -> norms.batch(normalization, name, x, input, weights);
      case Frozen frozen -> layer(frozen.layer(), name, x, input);
      case RepeatVector repeat -> repeat(repeat.times(), name, x);
      case Convolution1D convolution -> throw refused(convolution.className());
      case Conv1D convolution when states != null ->
          throw new IllegalArgumentException(
              "onnx: " + name + " (conv1d): a convolution is not exported step by step");
      case Conv1D convolution -> windows.convolution(convolution, name, x, input, weights);
      case MaxPooling1D pooling -> windows.pooling("MaxPool", pooling.windows(input), name, x);
      case AveragePooling1D pooling ->
          windows.pooling("AveragePool", pooling.windows(input), name, x);
      case GlobalMaxPooling1D pooling -> global("ReduceMax", pooling.keepDims(), name, x);
      case GlobalAveragePooling1D pooling -> mean(pooling, name, x);
      case LayerNormalization normalization ->
          norms.layer(normalization, name, x, input.size(-1), weights);
      case Normalization normalization -> norms.features(normalization, name, x, input, weights);
      case Rescaling rescaling -> norms.rescaled(rescaling, name, x);
      case Permute permute ->
          permute.turns() ? node("Transpose", name, x, Attribute.of("perm", order(permute))) : x;
      case ZeroPadding1D padding -> padded(padding, name, x);
      case GetItem item -> taken(item, name, x, input);
      case Operation operation -> throw refused(operation.className());
      case Cropping1D cropping -> picked(name, x, steps(layer, input), s -> s + cropping.before());
      case UpSampling1D sampling -> picked(name, x, steps(layer, input), s -> s / sampling.size());
      case Merge merge -> throw new IllegalStateException("a chain has no " + merge.className());
    };
  }

  private static IllegalArgumentException refused(String layer) {
    return new IllegalArgumentException("onnx: " + layer + " is not exported yet");
  }

  /** Ids come as floats, as all inputs do. */
  private String embedding(Embedding embedding, String name, String x) {
    if (embedding.maskZero()) {
      throw new IllegalArgumentException(
          "onnx: " + name + " (embedding): the mask of mask_zero is not exported");
    }
    String ids = name + "_ids";
    graph.node("Cast", List.of(x), List.of(ids), Attribute.of("to", OnnxGraph.INT64));
    Shape shape = Shape.of(embedding.inputDim(), embedding.outputDim());
    String table = graph.constant(name + "_embeddings", shape, weights.next());
    String y = name + "_y";
    graph.node("Gather", List.of(table, ids), List.of(y));
    return y;
  }

  private String mask(Masking masking, String name, String x, Shape input) {
    if (states != null) {
      throw new IllegalArgumentException(
          "onnx: " + name + " (masking): a mask is not exported step by step");
    }
    OnnxMask made = OnnxMask.of(graph, name, x, (float) masking.maskValue(), input.size(0));
    mask = made;
    return made.clear(name, x);
  }

  private String node(String operator, String name, String x, Attribute... attributes) {
    String y = name + "_y";
    graph.node(operator, List.of(x), List.of(y), attributes);
    return y;
  }

  private static long[] order(Permute permute) {
    return LongStream.concat(LongStream.of(0), permute.dims().stream().mapToLong(dim -> dim))
        .toArray();
  }

  private String mean(GlobalAveragePooling1D pooling, String name, String x) {
    if (mask != null) {
      throw new IllegalArgumentException(
          "onnx: " + name + " (global_average_pooling1d): a mean under a mask is not exported");
    }
    return global("ReduceMean", pooling.keepDims(), name, x);
  }

  private String global(String operator, boolean keepDims, String name, String x) {
    return node(
        operator,
        name,
        x,
        Attribute.of("axes", new long[] {1}),
        Attribute.of("keepdims", keepDims ? 1 : 0));
  }

  private static int steps(Layer layer, Shape input) {
    return layer.outputShape(input).size(0);
  }

  /** Steps of the input by their numbers. */
  private String picked(String name, String x, int steps, IntUnaryOperator source) {
    long[] numbers = IntStream.range(0, steps).map(source).asLongStream().toArray();
    String y = name + "_y";
    String picked = graph.constant(name + "_steps", numbers);
    graph.node("Gather", List.of(x, picked), List.of(y), Attribute.of("axis", 1));
    return y;
  }

  /** A scalar among the numbers of Gather takes its size away. */
  private String taken(GetItem item, String name, String x, Shape input) {
    String value = x;
    for (int size = input.rank() - 1; size >= 0; size--) { // from behind, so that sizes stay
      boolean single = item.part(size) instanceof GetItem.Index;
      long[] numbers = item.places(size, input).stream().asLongStream().toArray();
      String at = name + "_places" + size;
      String taken = single ? graph.index(at, numbers[0]) : graph.constant(at, numbers);
      String y = name + "_y" + size;
      graph.node("Gather", List.of(value, taken), List.of(y), Attribute.of("axis", 1 + size));
      value = y;
    }
    return value;
  }

  private String padded(ZeroPadding1D padding, String name, String x) {
    String y = name + "_y";
    String pads = graph.constant(name + "_pads", 0, padding.before(), 0, 0, padding.behind(), 0);
    graph.node("Pad", List.of(x, pads), List.of(y));
    return y;
  }

  /** A size of 0 stands for the batch's, which is open. */
  private String reshape(String name, String x, Shape output) {
    long[] sizes = new long[output.rank() + 1];
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = output.size(i - 1);
    }
    String y = name + "_y";
    graph.node("Reshape", List.of(x, graph.constant(name + "_shape", sizes)), List.of(y));
    return y;
  }

  private String repeat(int times, String name, String x) {
    String one = name + "_step";
    graph.node("Unsqueeze", List.of(x, graph.constant(name + "_axis", 1)), List.of(one));
    String y = name + "_y";
    String sizes = graph.constant(name + "_sizes", 1, times, 1);
    graph.node("Expand", List.of(one, sizes), List.of(y));
    return y;
  }

  /**
   * Two layers, whose outputs are merged; the backward one's steps are put in the input's order.
   */
  private String bidirectional(Bidirectional both, String name, String x, Shape input) {
    int features = input.size(1);
    String forward =
        OnnxRecurrent.add(
            graph, name + "_forward", both.forward(), features, x, mask, null, weights);
    String backward =
        OnnxRecurrent.add(
            graph, name + "_backward", both.backward(), features, x, mask, null, weights);
    if (both.returnSequences()) {
      backward = OnnxRecurrent.turned(graph, name + "_backward_in_order", backward, 1);
    }
    List<String> outputs = List.of(forward, backward);
    String y = name + "_y";
    switch (both.merge()) {
      case CONCAT -> graph.node("Concat", outputs, List.of(y), Attribute.of("axis", -1));
      case SUM -> graph.node("Sum", outputs, List.of(y));
      case MUL -> graph.node("Mul", outputs, List.of(y));
      case AVE -> graph.node("Mean", outputs, List.of(y));
      case NONE ->
          throw new IllegalArgumentException(
              "onnx: " + name + " (bidirectional): two outputs are not exported");
    }
    return y;
  }

  private String dense(Dense dense, String name, String input, Shape shape) {
    int in = shape.size(-1);
    Shape kernel = Shape.of(in, dense.units());
    String sums = name + "_product";
    graph.node(
        "MatMul",
        List.of(input, graph.constant(name + "_kernel", kernel, weights.next())),
        List.of(sums));
    if (dense.useBias()) {
      String biased = name + "_sums";
      String bias = graph.constant(name + "_bias", Shape.of(dense.units()), weights.next());
      graph.node("Add", List.of(sums, bias), List.of(biased));
      sums = biased;
    }
    return OnnxActivation.apply(graph, dense.activation(), name, sums);
  }
}
