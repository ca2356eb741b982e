package dev.lanewise.engine.onnx;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

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

  private OnnxExport(ModelSpec spec, Parameters parameters) {
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
    weights = parameters.values().iterator();
  }

  /**
   * Returns a model as a file's bytes.
   *
   * @throws IllegalArgumentException if the parameters do not fit or are not finite
   */
  public static byte[] bytes(ModelSpec spec, Parameters parameters) {
    return new OnnxExport(spec, parameters).model().toByteArray();
  }

  /**
   * Writes a model in place of what is there, in one step.
   *
   * @throws UncheckedIOException if it cannot be written; what was there still is
   */
  public static void write(ModelSpec spec, Parameters parameters, Path file) {
    AtomicFile.replace(file, bytes(spec, parameters));
  }

  private Protobuf model() {
    String value = "x";
    for (int i = 0; i < spec.layers().size(); i++) {
      String name = "layer" + i;
      value = layer(spec.layers().get(i), name, value, spec.inputOf(i));
    }
    graph.node("Identity", List.of(value), List.of("y"));
    Protobuf operators = new Protobuf().put(1, "").put(2, OPERATOR_SET);
    return new Protobuf()
        .put(1, IR_VERSION)
        .put(2, "Lanewise")
        .put(7, graph.message("model", "x", spec.input(), "y", spec.output()))
        .put(8, operators);
  }

  private String layer(Layer layer, String name, String x, Shape input) {
    return switch (layer) {
      case Recurrent recurrent ->
          new OnnxRecurrent(graph, name, recurrent, input.size(1)).add(x, weights);
      case Bidirectional both -> bidirectional(both, name, x, input);
      case Dense dense -> dense(dense, name, x, input);
      case TimeDistributed distributed -> layer(distributed.layer(), name, x, input);
      case ActivationLayer function -> OnnxActivation.apply(graph, function.activation(), name, x);
      case LeakyRelu leaky ->
          node("LeakyRelu", name, x, Attribute.of("alpha", (float) leaky.negativeSlope()));
      case Dropout dropout -> x;
      case SpatialDropout1D dropout -> x;
      case Flatten flatten -> reshape(name, x, flatten.outputShape(input));
      case Reshape reshape -> reshape(name, x, reshape.outputShape(input));
      case RepeatVector repeat -> repeat(repeat.times(), name, x);
    };
  }

  private String node(String operator, String name, String x, Attribute... attributes) {
    String y = name + "_y";
    graph.node(operator, List.of(x), List.of(y), attributes);
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
        new OnnxRecurrent(graph, name + "_forward", both.forward(), features).add(x, weights);
    OnnxRecurrent back = new OnnxRecurrent(graph, name + "_backward", both.backward(), features);
    String backward = back.add(x, weights);
    if (both.returnSequences()) {
      backward = back.turned(backward, 1);
    }
    List<String> outputs = List.of(forward, backward);
    String y = name + "_y";
    switch (both.merge()) {
      case CONCAT -> graph.node("Concat", outputs, List.of(y), Attribute.of("axis", -1));
      case SUM -> graph.node("Sum", outputs, List.of(y));
      case MUL -> graph.node("Mul", outputs, List.of(y));
      case AVE -> graph.node("Mean", outputs, List.of(y));
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
