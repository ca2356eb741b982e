package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Adds a layer that makes of each vector another by itself. */
final class OnnxRowwise {
  /** Of one over a length. */
  private static final float MOST = 1e12f;

  private final OnnxGraph graph;
  private final OnnxCall call;
  private final String name;

  OnnxRowwise(OnnxGraph graph, OnnxCall call) {
    this.graph = graph;
    this.call = call;
    name = call.name();
  }

  /** Adds the layer's nodes and returns the name of what they make. */
  String add(Rowwise layer) {
    return switch (layer) {
      case Noise _, ActivityRegularization _ -> call.x();
      case Relu relu -> relu(relu);
      case Elu elu -> {
        Attribute alpha = Attribute.of("alpha", (float) elu.alpha());
        graph.node("Elu", List.of(call.x()), List.of(name + "_y"), alpha);
        yield name + "_y";
      }
      case Prelu learnt -> {
        Shape shape = learnt.alpha(call.input());
        String alpha = graph.constant(name + "_alpha", shape, call.weights().next());
        yield node("PRelu", "_y", call.x(), alpha);
      }
      case UnitNormalization unit -> {
        long[] axes = unit.axes(call.input()).stream().mapToLong(axis -> axis).toArray();
        String length = reduced("ReduceL2", "_length", call.x(), axes);
        String inverse = node("Reciprocal", "_inverse", length);
        String bounded = node("Min", "_factor", inverse, graph.scalar(name + "_most", MOST));
        yield node("Mul", "_y", call.x(), bounded);
      }
      case RmsNormalization normalization -> {
        String squares = node("Mul", "_squares", call.x(), call.x());
        String epsilon = graph.scalar(name + "_epsilon", (float) normalization.epsilon());
        String mean = node("Add", "_mean", reduced("ReduceMean", "_square", squares, -1), epsilon);
        String unit = node("Div", "_unit", call.x(), node("Sqrt", "_root", mean));
        Shape features = Shape.of(call.input().size(-1));
        String scale = graph.constant(name + "_scale", features, call.weights().next());
        yield node("Mul", "_y", unit, scale);
      }
    };
  }

  /** Above the threshold at most the largest; up to it what is left of the distance. */
  private String relu(Relu relu) {
    String threshold = graph.scalar(name + "_threshold", (float) relu.threshold());
    String above = node("Greater", "_above", call.x(), threshold);
    Double most = relu.maxValue();
    String high =
        most == null
            ? call.x()
            : node("Min", "_high", call.x(), graph.scalar(name + "_most", most.floatValue()));
    String slope = graph.scalar(name + "_slope", (float) relu.negativeSlope());
    String low = node("Mul", "_low", node("Sub", "_below", call.x(), threshold), slope);
    return node("Where", "_y", above, high, low);
  }

  private String reduced(String operator, String as, String x, long... axes) {
    graph.node(
        operator,
        List.of(x),
        List.of(name + as),
        Attribute.of("axes", axes),
        Attribute.of("keepdims", 1));
    return name + as;
  }

  private String node(String operator, String as, String... inputs) {
    graph.node(operator, List.of(inputs), List.of(name + as));
    return name + as;
  }
}
