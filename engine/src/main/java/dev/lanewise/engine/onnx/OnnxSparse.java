package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow.Windows;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/** Adds convolutions some of whose products are left out: ONNX has the features first. */
final class OnnxSparse {
  private final OnnxGraph graph;
  private final OnnxCall call;
  private final String name;
  private final int axes;
  private final int features;

  OnnxSparse(OnnxGraph graph, OnnxCall call) {
    this.graph = graph;
    this.call = call;
    name = call.name();
    axes = call.input().rank() - 1;
    features = call.input().size(-1);
  }

  /** Adds the layer's nodes and returns the name of what they make. */
  String add(SparseConvolution layer) {
    String x = OnnxGrid.featuresFirst(graph, name + "_features", call.x(), axes);
    String sums =
        switch (layer) {
          case DepthwiseConv each -> depthwise(each, x, "_sums", each.useBias());
          case GroupedConv groups ->
              convolution(
                  groups,
                  x,
                  "_sums",
                  groups.groups(),
                  features / groups.groups(),
                  groups.filters());
          case SeparableConv separable -> separable(separable, x);
          case ConvTranspose transpose -> transposed(transpose, x);
        };
    String y = OnnxGrid.featuresLast(graph, name + "_places", sums, 1, axes);
    return OnnxActivation.apply(graph, layer.activation(), name, y);
  }

  private String depthwise(DepthwiseConv layer, String x, String as, boolean useBias) {
    int outputs = features * layer.depthMultiplier();
    List<String> in = operands(x, as, layer.window(), 1, outputs, useBias);
    return convolution(layer, in, as, features);
  }

  private String convolution(
      SparseConvolution layer, String x, String as, int groups, int read, int filters) {
    List<String> in = operands(x, as, layer.window(), read, filters, layer.useBias());
    return convolution(layer, in, as, groups);
  }

  private String convolution(SparseConvolution layer, List<String> in, String as, int groups) {
    Attribute[] window = OnnxGrid.convolution(layer.className(), layer.window(), call.input());
    List<Attribute> all = new ArrayList<>(List.of(window));
    all.add(Attribute.of("group", groups));
    graph.node("Conv", in, List.of(name + as), all.toArray(Attribute[]::new));
    return name + as;
  }

  /** Returns what a convolution reads. */
  private List<String> operands(
      String x, String as, Window window, int read, int filters, boolean useBias) {
    float[] kernel = call.weights().next();
    String weights = OnnxGrid.kernel(graph, name + as + "_kernel", window, read, filters, kernel);
    List<String> in = new ArrayList<>(List.of(x, weights));
    if (useBias) {
      in.add(bias(as, filters));
    }
    return in;
  }

  private String bias(String as, int filters) {
    return graph.constant(name + as + "_bias", Shape.of(filters), call.weights().next());
  }

  /** What each feature gives, and then a product at each place. */
  private String separable(SeparableConv layer, String x) {
    DepthwiseConv each = layer.depthwise();
    String apart = depthwise(each, x, "_apart", false);
    int read = features * each.depthMultiplier();
    float[] kernel = OnnxWindows.filtersFirst(call.weights().next(), 1, read, layer.filters());
    List<Integer> sizes = new ArrayList<>(List.of(layer.filters(), read));
    sizes.addAll(Collections.nCopies(axes, 1));
    Shape shape = Shape.of(sizes.stream().mapToInt(size -> size).toArray());
    List<String> in =
        new ArrayList<>(List.of(apart, graph.constant(name + "_point", shape, kernel)));
    if (layer.useBias()) {
      in.add(bias("_sums", layer.filters()));
    }
    graph.node("Conv", in, List.of(name + "_sums"));
    return name + "_sums";
  }

  /** Windows that lie further apart than they are wide leave something behind the last. */
  private String transposed(ConvTranspose layer, String x) {
    Window window = layer.window();
    float[] kernel = call.weights().next();
    String as = name + "_sums_kernel";
    List<String> in = new ArrayList<>();
    in.add(x);
    in.add(OnnxGrid.kernel(graph, as, window, layer.filters(), features, kernel));
    if (layer.useBias()) {
      in.add(bias("_sums", layer.filters()));
    }
    List<Windows> places = layer.places(call.input()).axes();
    LongStream before = places.stream().mapToLong(Windows::before);
    LongStream after = places.stream().mapToLong(Windows::after);
    graph.node(
        "ConvTranspose",
        in,
        List.of(name + "_sums"),
        Attribute.of("kernel_shape", each(places, axis -> axis.window().size())),
        Attribute.of("strides", each(places, axis -> axis.window().strides())),
        Attribute.of("dilations", each(places, axis -> axis.window().dilationRate())),
        Attribute.of("pads", LongStream.concat(before, after).toArray()),
        Attribute.of("output_padding", each(places, Windows::unseen)));
    return name + "_sums";
  }

  private static long[] each(List<Windows> places, ToLongFunction<Windows> number) {
    return places.stream().mapToLong(number).toArray();
  }
}
