package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.GlobalPooling2D;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pooling2D;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Adds layers of pictures, [batch, rows, columns, features]: ONNX has the features first. */
final class OnnxPictures {
  private final OnnxGraph graph;

  OnnxPictures(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Adds a convolution's nodes and returns the name of what they make. */
  String convolution(Conv2D layer, OnnxCall call) {
    String name = call.name();
    PictureWindow window = layer.window();
    int positions = window.rows().size() * window.columns().size();
    int features = call.input().size(2);
    float[] kernel =
        OnnxWindows.filtersFirst(call.weights().next(), positions, features, layer.filters());
    Shape shape =
        Shape.of(layer.filters(), features, window.rows().size(), window.columns().size());
    List<String> in = new ArrayList<>(List.of(featuresFirst(name, call.x())));
    in.add(graph.constant(name + "_kernel", shape, kernel));
    if (layer.useBias()) {
      in.add(graph.constant(name + "_bias", Shape.of(layer.filters()), call.weights().next()));
    }
    List<Attribute> attributes = attributes(window, layer.places(call.input()));
    long[] rates = {window.rows().dilationRate(), window.columns().dilationRate()};
    attributes.add(Attribute.of("dilations", rates));
    String sums = name + "_sums";
    graph.node("Conv", in, List.of(sums), attributes.toArray(Attribute[]::new));
    return OnnxActivation.apply(
        graph, layer.activation(), name, featuresLast(name + "_picture", sums));
  }

  /** Adds a pooling's nodes and returns the name of what they make. */
  String pooling(Pooling2D layer, OnnxCall call) {
    String name = call.name();
    String operator = layer.kind() == Pooling2D.Kind.MAX ? "MaxPool" : "AveragePool";
    String pooled = name + "_pooled";
    graph.node(
        operator,
        List.of(featuresFirst(name, call.x())),
        List.of(pooled),
        attributes(layer.window(), layer.places(call.input())).toArray(Attribute[]::new));
    return featuresLast(name + "_y", pooled);
  }

  /** Adds what is left of whole pictures and returns its name. */
  String global(GlobalPooling2D layer, OnnxCall call) {
    String operator = layer.kind() == Pooling2D.Kind.MAX ? "ReduceMax" : "ReduceMean";
    String y = call.name() + "_y";
    graph.node(
        operator,
        List.of(call.x()),
        List.of(y),
        Attribute.of("axes", 1, 2),
        Attribute.of("keepdims", layer.keepDims() ? 1 : 0));
    return y;
  }

  private static List<Attribute> attributes(PictureWindow window, PictureWindow.Places places) {
    SlidingWindow rows = window.rows();
    SlidingWindow columns = window.columns();
    return new ArrayList<>(
        List.of(
            Attribute.of("kernel_shape", rows.size(), columns.size()),
            Attribute.of("strides", rows.strides(), columns.strides()),
            Attribute.of(
                "pads",
                places.rows().before(),
                places.columns().before(),
                places.rows().after(),
                places.columns().after())));
  }

  private String featuresFirst(String name, String x) {
    return turned(name + "_features", x, 0, 3, 1, 2);
  }

  private String featuresLast(String as, String x) {
    return turned(as, x, 0, 2, 3, 1);
  }

  private String turned(String as, String x, long... order) {
    graph.node("Transpose", List.of(x), List.of(as), Attribute.of("perm", order));
    return as;
  }
}
