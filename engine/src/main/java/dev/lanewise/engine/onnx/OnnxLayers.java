package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Adds layers that make one value of one value, and gives the names of what they make. */
final class OnnxLayers {
  private final OnnxGraph graph;
  private final OnnxWindows windows;
  private final OnnxPictures pictures;
  private final OnnxNorms norms;

  /** The states of a stream; null where a sequence is given whole. */
  private final @Nullable OnnxStates states;

  OnnxLayers(OnnxGraph graph, @Nullable OnnxStates states) {
    this.graph = graph;
    this.states = states;
    windows = new OnnxWindows(graph);
    pictures = new OnnxPictures(graph);
    norms = new OnnxNorms(graph);
  }

  /** Adds a layer's nodes and returns the names of what they make, in the layer's order. */
  List<String> add(Layer layer, OnnxCall call) {
    return switch (layer) {
      case Recurrent recurrent -> OnnxRecurrent.add(graph, recurrent, call, states);
      case Bidirectional both -> OnnxBidirectional.add(graph, both, call);
      case Frozen frozen -> add(frozen.layer(), call);
      case Merge merge -> new OnnxMerges(graph, call).add(merge);
      default -> List.of(one(layer, call));
    };
  }

  private String one(Layer layer, OnnxCall call) {
    String name = call.name();
    String x = call.x();
    Shape input = call.input();
    Iterator<float[]> weights = call.weights();
    return switch (layer) {
      case Dense dense -> dense(dense, call);
      case TimeDistributed distributed -> eachStep(distributed, call);
      case GridConvolution convolution -> pictures.convolution(convolution, call);
      case GridPooling pooling -> pictures.pooling(pooling, call);
      case Relocation picture -> pictures.relocation(picture, call);
      case GlobalGridPooling pooling -> pictures.global(pooling, call);
      case ActivationLayer function -> OnnxActivation.apply(graph, function.activation(), name, x);
      case Masking masking -> Objects.requireNonNull(call.mask(), "its own").clear(name, x);
      case LeakyRelu leaky ->
          node("LeakyRelu", name, x, Attribute.of("alpha", (float) leaky.negativeSlope()));
      case Softmax softmax -> node("Softmax", name, x, Attribute.of("axis", softmax.axis(input)));
      case Rowwise rowwise -> new OnnxRowwise(graph, call).add(rowwise);
      case Dropout dropout -> x;
      case SpatialDropout dropout -> x;
      case Flatten flatten -> reshape(name, x, flatten.outputShape(input));
      case Reshape reshape -> reshape(name, x, reshape.outputShape(input));
      case Embedding embedding -> embedding(embedding, call);
      case BatchNormalization normalization -> norms.batch(normalization, name, x, input, weights);
      case RepeatVector repeat -> repeat(repeat.times(), name, x);
      case Conv1D _, SparseConvolution _ when states != null ->
          throw new IllegalArgumentException(
              "onnx: "
                  + name
                  + " ("
                  + layer.kerasName()
                  + "): a convolution is not exported step by step");
      case SparseConvolution convolution -> new OnnxSparse(graph, call).add(convolution);
      case Conv1D convolution -> windows.convolution(convolution, name, x, input, weights);
      case MaxPooling1D pooling -> windows.pooling("MaxPool", pooling.windows(input), name, x);
      case AveragePooling1D pooling ->
          windows.pooling("AveragePool", pooling.windows(input), name, x);
      case GlobalMaxPooling1D pooling -> global("ReduceMax", pooling.keepDims(), name, x);
      case GlobalAveragePooling1D pooling -> mean(pooling, call);
      case LayerNormalization normalization -> norms.layer(normalization, name, x, input, weights);
      case GroupNormalization normalization -> norms.groups(normalization, name, x, input, weights);
      case Normalization normalization -> norms.features(normalization, name, x, input, weights);
      case Rescaling rescaling -> norms.rescaled(rescaling, name, x);
      case Permute permute ->
          permute.turns() ? node("Transpose", name, x, Attribute.of("perm", order(permute))) : x;
      case ZeroPadding1D padding -> padded(padding, name, x);
      case Operation operation -> new OnnxOperations(graph, call).add(operation);
      case Cropping1D cropping -> picked(name, x, steps(layer, input), s -> s + cropping.before());
      case UpSampling1D sampling -> picked(name, x, steps(layer, input), s -> s / sampling.size());
      case Recurrent _, Bidirectional _, Frozen _, Merge _ ->
          throw new IllegalStateException(layer.className() + " does not make one value of one");
    };
  }

  /** The steps of all samples are a batch of their own. */
  private String eachStep(TimeDistributed distributed, OnnxCall call) {
    Layer whole = distributed.ofWhole(call.shapes());
    if (whole != null) {
      return add(whole, call).getFirst();
    }
    String name = call.name();
    List<Shape> parts = TimeDistributed.parts(call.shapes());
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      steps.add(resized(name + "_steps" + i, call.values().get(i), parts.get(i)));
    }
    OnnxCall ofSteps =
        new OnnxCall(
            name + "_step", steps, parts, Collections.nCopies(parts.size(), null), call.weights());
    String each = add(distributed.layer(), ofSteps).getFirst();
    return asSteps(name, each, call.x(), distributed.outputShapes(call.shapes()).getFirst());
  }

  /** Gives what was made of all steps the batch and the steps of another value, be they known. */
  private String asSteps(String name, String each, String of, Shape given) {
    graph.node("Shape", List.of(of), List.of(name + "_sizes"));
    String first = graph.constant(name + "_first", 0L);
    String end = graph.constant(name + "_end", 2L);
    graph.node("Slice", List.of(name + "_sizes", first, end), List.of(name + "_lead"));
    String step = graph.constant(name + "_sizes_of_step", sizes(given.part()));
    String all = name + "_all";
    graph.node("Concat", List.of(name + "_lead", step), List.of(all), Attribute.of("axis", 0));
    graph.node("Reshape", List.of(each, all), List.of(name + "_y"));
    return name + "_y";
  }

  private static long[] sizes(Shape shape) {
    return Arrays.stream(shape.toArray()).asLongStream().toArray();
  }

  /** Values in other sizes, the batch's being what is left. */
  private String resized(String as, String x, Shape sample) {
    long[] sizes = new long[sample.rank() + 1];
    sizes[0] = -1;
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = sample.size(i - 1);
    }
    graph.node("Reshape", List.of(x, graph.constant(as + "_shape", sizes)), List.of(as));
    return as;
  }

  /** Ids come as floats, as all inputs do. */
  private String embedding(Embedding embedding, OnnxCall call) {
    String name = call.name();
    String ids = name + "_ids";
    graph.node("Cast", List.of(call.x()), List.of(ids), Attribute.of("to", OnnxGraph.INT64));
    Shape shape = Shape.of(embedding.inputDim(), embedding.outputDim());
    String table = graph.constant(name + "_embeddings", shape, call.weights().next());
    String y = name + "_y";
    graph.node("Gather", List.of(table, ids), List.of(y));
    return y;
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

  /** Under a mask, of the steps that count. */
  private String mean(GlobalAveragePooling1D pooling, OnnxCall call) {
    String name = call.name();
    OnnxMask mask = call.mask();
    if (mask == null) {
      return global("ReduceMean", pooling.keepDims(), name, call.x());
    }
    String counted = mask.clear(name + "_counted", call.x());
    String axis = graph.constant(name + "_axis", 1);
    Attribute keepDims = Attribute.of("keepdims", pooling.keepDims() ? 1 : 0);
    graph.node("ReduceSum", List.of(counted, axis), List.of(name + "_sum"), keepDims);
    graph.node("ReduceSum", List.of(mask.value(), axis), List.of(name + "_number"), keepDims);
    String one = graph.scalar(name + "_one", 1); // so that nothing has the mean 0
    graph.node("Max", List.of(name + "_number", one), List.of(name + "_divisor"));
    graph.node("Div", List.of(name + "_sum", name + "_divisor"), List.of(name + "_y"));
    return name + "_y";
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

  private String dense(Dense dense, OnnxCall call) {
    String name = call.name();
    int in = call.input().size(-1);
    Shape kernel = Shape.of(in, dense.units());
    String sums = name + "_product";
    graph.node(
        "MatMul",
        List.of(call.x(), graph.constant(name + "_kernel", kernel, call.weights().next())),
        List.of(sums));
    if (dense.useBias()) {
      String biased = name + "_sums";
      String bias = graph.constant(name + "_bias", Shape.of(dense.units()), call.weights().next());
      graph.node("Add", List.of(sums, bias), List.of(biased));
      sums = biased;
    }
    return OnnxActivation.apply(graph, dense.activation(), name, sums);
  }
}
