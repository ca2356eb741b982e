package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Layers that shift and stretch what they read, as nodes of a graph. */
final class OnnxNorms {
  private final OnnxGraph graph;

  OnnxNorms(OnnxGraph graph) {
    this.graph = graph;
  }

  /** With the moving statistics it is a product and a sum. */
  String batch(
      BatchNormalization layer, String name, String x, Shape input, Iterator<float[]> weights) {
    int features = input.size(-1);
    float[] factor = layer.scale() ? weights.next().clone() : filled(features, 1);
    float[] shift = layer.center() ? weights.next().clone() : filled(features, 0);
    float[] mean = weights.next();
    float[] variance = weights.next();
    for (int c = 0; c < features; c++) {
      double stretch = factor[c] / Math.sqrt(variance[c] + layer.epsilon());
      factor[c] = (float) stretch;
      shift[c] = (float) (shift[c] - mean[c] * stretch);
    }
    Shape row = Shape.of(features);
    String product = name + "_product";
    graph.node("Mul", List.of(x, graph.constant(name + "_factor", row, factor)), List.of(product));
    String y = name + "_y";
    graph.node("Add", List.of(product, graph.constant(name + "_shift", row, shift)), List.of(y));
    return y;
  }

  private static float[] filled(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }

  String rescaled(Rescaling rescaling, String name, String x) {
    String scaled = name + "_scaled";
    String scale = graph.scalar(name + "_scale", (float) rescaling.scale());
    graph.node("Mul", List.of(x, scale), List.of(scaled));
    String y = name + "_y";
    String offset = graph.scalar(name + "_offset", (float) rescaling.offset());
    graph.node("Add", List.of(scaled, offset), List.of(y));
    return y;
  }

  /** The count that Keras keeps beside mean and variance is of no use to answers. */
  String features(
      Normalization layer, String name, String x, Shape input, Iterator<float[]> weights) {
    boolean adapted = layer.isAdapted();
    float[] mean = adapted ? weights.next() : floats(layer.mean());
    float[] deviation = adapted ? weights.next().clone() : floats(layer.variance());
    if (adapted) {
      weights.next();
    }
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = Normalization.deviation(deviation[i]);
    }
    String means = graph.constant(name + "_mean", input, spread(layer, input, mean));
    String deviations = graph.constant(name + "_deviation", input, spread(layer, input, deviation));
    String first = name + "_first";
    graph.node(
        layer.invert() ? "Mul" : "Sub",
        List.of(x, layer.invert() ? deviations : means),
        List.of(first));
    String y = name + "_y";
    graph.node(
        layer.invert() ? "Add" : "Div",
        List.of(first, layer.invert() ? means : deviations),
        List.of(y));
    return y;
  }

  private static float[] spread(Normalization layer, Shape input, float[] values) {
    int features = input.size(-1);
    float[] all = new float[Math.toIntExact(input.elementCount())];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[layer.place(input, values.length, i / features, i % features)];
    }
    return all;
  }

  private static float[] floats(List<Double> given) {
    float[] values = new float[given.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = given.get(i).floatValue();
    }
    return values;
  }

  /** The operator's gamma may not be left out, its beta may. */
  String layer(
      LayerNormalization layer, String name, String x, int width, Iterator<float[]> weights) {
    Shape shape = Shape.of(width);
    List<String> in = new ArrayList<>(List.of(x));
    in.add(
        graph.constant(name + "_gamma", shape, layer.scale() ? weights.next() : filled(width, 1)));
    if (layer.center()) {
      in.add(graph.constant(name + "_beta", shape, weights.next()));
    }
    String y = name + "_y";
    graph.node(
        "LayerNormalization",
        in,
        List.of(y),
        Attribute.of("axis", -1),
        Attribute.of("epsilon", (float) layer.epsilon()));
    return y;
  }
}
