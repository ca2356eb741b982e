package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Layers that shift and stretch what they read, as nodes of a graph. */
final class OnnxNorms {
  private final OnnxGraph graph;

  OnnxNorms(OnnxGraph graph) {
    this.graph = graph;
  }

  /** With the moving statistics it is a product and a sum. */
  String batch(
      BatchNormalization layer, String name, String x, Shape input, Iterator<float[]> weights) {
    int axis = layer.axis(input);
    int features = input.size(axis - 1);
    float[] factor = layer.scale() ? weights.next().clone() : filled(features, 1);
    float[] shift = layer.center() ? weights.next().clone() : filled(features, 0);
    float[] mean = weights.next();
    float[] variance = weights.next();
    for (int c = 0; c < features; c++) {
      double stretch = factor[c] / Math.sqrt(variance[c] + layer.epsilon());
      factor[c] = (float) stretch;
      shift[c] = (float) (shift[c] - mean[c] * stretch);
    }
    Shape row = alongside(features, axis, input);
    String product = name + "_product";
    graph.node("Mul", List.of(x, graph.constant(name + "_factor", row, factor)), List.of(product));
    String y = name + "_y";
    graph.node("Add", List.of(product, graph.constant(name + "_shift", row, shift)), List.of(y));
    return y;
  }

  /**
   * Returns the shape of numbers along an axis, so that they are repeated along those behind it.
   */
  private static Shape alongside(int count, int axis, Shape input) {
    int[] sizes = new int[input.rank() - axis + 1];
    Arrays.fill(sizes, 1);
    sizes[0] = count;
    return Shape.of(sizes);
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

  /** The operator has the last axes alone, so others are made the last for it. */
  String layer(
      LayerNormalization layer, String name, String x, Shape input, Iterator<float[]> weights) {
    List<Integer> axes = layer.axes(input);
    List<Integer> order = new ArrayList<>(IntStream.rangeClosed(0, input.rank()).boxed().toList());
    order.removeAll(axes);
    order.addAll(axes);
    int[] sizes = axes.stream().mapToInt(axis -> input.size(axis - 1)).toArray();
    float[] gamma = layer.scale() ? weights.next() : null;
    float[] beta = layer.center() ? weights.next() : null;
    String turned = turned(name + "_last", x, order);
    String y = normalized(name + "_y", turned, Shape.of(sizes), layer.epsilon(), gamma, beta);
    List<Integer> back = IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
    return turned(name + "_back", y, back);
  }

  private String turned(String as, String x, List<Integer> order) {
    if (order.equals(IntStream.range(0, order.size()).boxed().toList())) {
      return x;
    }
    long[] perm = order.stream().mapToLong(axis -> axis).toArray();
    graph.node("Transpose", List.of(x), List.of(as), Attribute.of("perm", perm));
    return as;
  }

  /** The operator's gamma may not be left out, its beta may. */
  private String normalized(
      String as,
      String x,
      Shape shape,
      double epsilon,
      float @Nullable [] gamma,
      float @Nullable [] beta) {
    List<String> in = new ArrayList<>(List.of(x));
    float[] factors = gamma == null ? filled(Math.toIntExact(shape.elementCount()), 1) : gamma;
    in.add(graph.constant(as + "_gamma", shape, factors));
    if (beta != null) {
      in.add(graph.constant(as + "_beta", shape, beta));
    }
    graph.node(
        "LayerNormalization",
        in,
        List.of(as),
        Attribute.of("axis", -shape.rank()),
        Attribute.of("epsilon", (float) epsilon));
    return as;
  }

  /**
   * Channels are made the second axis, and what a group of them has a vector. Operator set 17 has
   * no groups, so that each is an instance, of which there is a normalization.
   */
  String groups(
      GroupNormalization layer, String name, String x, Shape input, Iterator<float[]> weights) {
    int axis = layer.axis(input);
    int groups = layer.groups(input);
    int channels = input.size(axis - 1);
    int each = Math.toIntExact(input.elementCount() / groups);
    List<Integer> order = new ArrayList<>(IntStream.rangeClosed(0, input.rank()).boxed().toList());
    order.removeAll(List.of(axis));
    order.add(1, axis);
    String turned = turned(name + "_first", x, order);
    String vectors = name + "_vectors";
    String sizes = graph.constant(name + "_sizes", 0, groups, each);
    graph.node("Reshape", List.of(turned, sizes), List.of(vectors));
    String unit = name + "_unit";
    graph.node(
        "InstanceNormalization",
        List.of(
            vectors,
            graph.constant(name + "_ones", Shape.of(groups), filled(groups, 1)),
            graph.constant(name + "_zeros", Shape.of(groups), filled(groups, 0))),
        List.of(unit),
        Attribute.of("epsilon", (float) layer.epsilon()));
    long[] turnedSizes = order.stream().mapToLong(i -> i == 0 ? 0 : input.size(i - 1)).toArray();
    String again = name + "_again";
    String own = graph.constant(name + "_own_sizes", turnedSizes);
    graph.node("Reshape", List.of(unit, own), List.of(again));
    List<Integer> back = IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
    String y = turned(name + "_back", again, back);
    Shape row = alongside(channels, axis, input);
    if (layer.scale()) {
      String gamma = graph.constant(name + "_gamma", row, weights.next());
      graph.node("Mul", List.of(y, gamma), List.of(name + "_product"));
      y = name + "_product";
    }
    if (layer.center()) {
      String beta = graph.constant(name + "_beta", row, weights.next());
      graph.node("Add", List.of(y, beta), List.of(name + "_y"));
      y = name + "_y";
    }
    return y;
  }
}
