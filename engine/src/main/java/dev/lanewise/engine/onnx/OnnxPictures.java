package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.ZeroPadding2D;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Adds layers of pictures and of sequences of them: ONNX has the features first. */
final class OnnxPictures {
  private final OnnxGraph graph;

  OnnxPictures(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Adds a convolution's nodes and returns the name of what they make. */
  String convolution(GridConvolution layer, OnnxCall call) {
    String name = call.name();
    Shape input = call.input();
    float[] kernel = call.weights().next();
    List<String> in = new ArrayList<>(List.of(featuresFirst(call)));
    in.add(
        OnnxGrid.kernel(
            graph, name + "_kernel", layer.window(), input.size(-1), layer.filters(), kernel));
    if (layer.useBias()) {
      in.add(graph.constant(name + "_bias", Shape.of(layer.filters()), call.weights().next()));
    }
    String sums = name + "_sums";
    Attribute[] window = OnnxGrid.convolution(layer.className(), layer.window(), input);
    graph.node("Conv", in, List.of(sums), window);
    return OnnxActivation.apply(
        graph, layer.activation(), name, featuresLast(name + "_picture", sums, call));
  }

  /** Adds a pooling's nodes and returns the name of what they make. */
  String pooling(GridPooling layer, OnnxCall call) {
    String operator = layer.kind() == GridPooling.Kind.MAX ? "MaxPool" : "AveragePool";
    String pooled = call.name() + "_pooled";
    List<Attribute> window = OnnxGrid.window(layer.className(), layer.window(), call.input());
    graph.node(
        operator, List.of(featuresFirst(call)), List.of(pooled), window.toArray(Attribute[]::new));
    return featuresLast(call.name() + "_y", pooled, call);
  }

  /** Adds what is left of whole pictures and returns its name. */
  String global(GlobalGridPooling layer, OnnxCall call) {
    String operator = layer.kind() == GridPooling.Kind.MAX ? "ReduceMax" : "ReduceMean";
    String y = call.name() + "_y";
    graph.node(
        operator,
        List.of(call.x()),
        List.of(y),
        Attribute.of("axes", LongStream.rangeClosed(1, layer.axes()).toArray()),
        Attribute.of("keepdims", layer.keepDims() ? 1 : 0));
    return y;
  }

  /** Adds what puts rows and columns elsewhere and returns its name. */
  String relocation(Relocation layer, OnnxCall call) {
    String name = call.name();
    if (layer instanceof ZeroPadding2D(int top, int bottom, int left, int right)) {
      String pads = graph.constant(name + "_pads", 0, top, left, 0, 0, bottom, right, 0);
      graph.node("Pad", List.of(call.x(), pads), List.of(name + "_y"));
      return name + "_y";
    }
    Shape output = layer.outputShape(call.input());
    String rows = picked(name + "_rows", call.x(), 1, output.size(0), layer::row);
    return picked(name + "_y", rows, 2, output.size(1), layer::column);
  }

  private String picked(String as, String x, int axis, int count, IntUnaryOperator source) {
    long[] from = IntStream.range(0, count).map(source).asLongStream().toArray();
    String places = graph.constant(as + "_from", from);
    graph.node("Gather", List.of(x, places), List.of(as), Attribute.of("axis", axis));
    return as;
  }

  private String featuresFirst(OnnxCall call) {
    String as = call.name() + "_features";
    return OnnxGrid.featuresFirst(graph, as, call.x(), call.input().rank() - 1);
  }

  private String featuresLast(String as, String x, OnnxCall call) {
    return OnnxGrid.featuresLast(graph, as, x, 1, call.input().rank() - 1);
  }
}
