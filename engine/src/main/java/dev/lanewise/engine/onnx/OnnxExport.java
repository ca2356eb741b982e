package dev.lanewise.engine.onnx;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Recurrent;
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
      value =
          switch (spec.layers().get(i)) {
            case Recurrent recurrent ->
                new OnnxRecurrent(graph, name, recurrent, spec.inputOf(i).size(1))
                    .add(value, weights);
            case Dense dense -> dense(dense, name, value, spec.inputOf(i));
          };
    }
    graph.node("Identity", List.of(value), List.of("y"));
    Protobuf operators = new Protobuf().put(1, "").put(2, OPERATOR_SET);
    return new Protobuf()
        .put(1, IR_VERSION)
        .put(2, "Lanewise")
        .put(7, graph.message("model", "x", spec.input(), "y", spec.output()))
        .put(8, operators);
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
