package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.SlidingWindow.Windows;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Writes layers with a window over time. ONNX has features before steps, and what is missing at the
 * ends as numbers, which say what Keras's padding does.
 */
final class OnnxWindows {
  private final OnnxGraph graph;

  OnnxWindows(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Adds a convolution's nodes and returns the name of what they make. */
  String convolution(Conv1D layer, String name, String x, Shape input, Iterator<float[]> weights) {
    int size = layer.window().size();
    int features = input.size(1);
    Shape shape = Shape.of(layer.filters(), features, size);
    float[] kernel = filtersFirst(weights.next(), size, features, layer.filters());
    List<String> in = new ArrayList<>(List.of(turned(name + "_features", x)));
    in.add(graph.constant(name + "_kernel", shape, kernel));
    if (layer.useBias()) {
      in.add(graph.constant(name + "_bias", Shape.of(layer.filters()), weights.next()));
    }
    Windows windows = layer.windows(input);
    String sums = name + "_sums";
    graph.node(
        "Conv",
        in,
        List.of(sums),
        Attribute.of("kernel_shape", new long[] {size}),
        Attribute.of("strides", new long[] {layer.window().strides()}),
        Attribute.of("dilations", new long[] {layer.window().dilationRate()}),
        Attribute.of("pads", windows.before(), windows.after()));
    return OnnxActivation.apply(graph, layer.activation(), name, turned(name + "_steps", sums));
  }

  /** Adds a pooling's nodes and returns the name of what they make. */
  String pooling(String operator, Windows windows, String name, String x) {
    String pooled = name + "_pooled";
    graph.node(
        operator,
        List.of(turned(name + "_features", x)),
        List.of(pooled),
        Attribute.of("kernel_shape", new long[] {windows.window().size()}),
        Attribute.of("strides", new long[] {windows.window().strides()}),
        Attribute.of("pads", windows.before(), windows.after()));
    return turned(name + "_y", pooled);
  }

  /** Steps and features change places. */
  private String turned(String name, String x) {
    graph.node("Transpose", List.of(x), List.of(name), Attribute.of("perm", 0, 2, 1));
    return name;
  }

  /** Turns Keras's [size, features, filters] into ONNX's [filters, features, size]. */
  static float[] filtersFirst(float[] kernel, int size, int features, int filters) {
    float[] turned = new float[kernel.length];
    for (int s = 0; s < size; s++) {
      for (int i = 0; i < features; i++) {
        for (int f = 0; f < filters; f++) {
          turned[(f * features + i) * size + s] = kernel[(s * features + i) * filters + f];
        }
      }
    }
    return turned;
  }
}
