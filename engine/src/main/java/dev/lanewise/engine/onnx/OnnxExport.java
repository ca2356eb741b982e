package dev.lanewise.engine.onnx;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

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
            case SimpleRnn rnn -> recurrent(rnn, name, value, spec.inputOf(i));
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

  /**
   * RNN is time-major. Its layout attribute would save the transposes; some runtimes refuse it and
   * one ignores it. A reversed walk is reversed back in time by ONNX and not by Keras, so the input
   * is turned in its place.
   */
  private String recurrent(SimpleRnn rnn, String name, String input, Shape shape) {
    int units = rnn.units();
    float[] kernel = transposed(weights.next(), shape.size(1), units);
    float[] recurrent = transposed(weights.next(), units, units);
    float[] bias = new float[2 * units];
    if (rnn.useBias()) {
      System.arraycopy(weights.next(), 0, bias, 0, units);
    }
    String timeMajor = name + "_time_major";
    graph.node("Transpose", List.of(input), List.of(timeMajor), Attribute.of("perm", 1, 0, 2));
    if (rnn.goBackwards()) {
      timeMajor = turned(name, timeMajor);
    }
    List<String> inputs =
        List.of(
            timeMajor,
            graph.constant(name + "_W", Shape.of(1, units, shape.size(1)), kernel),
            graph.constant(name + "_R", Shape.of(1, units, units), recurrent),
            graph.constant(name + "_B", Shape.of(1, 2 * units), bias));
    String states = name + "_states";
    List<String> outputs = rnn.returnSequences() ? List.of(states) : List.of("", states);
    graph.node("RNN", inputs, outputs, attributes(rnn));
    String axis = graph.constant(name + "_direction", rnn.returnSequences() ? 1 : 0);
    String squeezed = name + "_squeezed";
    graph.node("Squeeze", List.of(states, axis), List.of(squeezed));
    if (!rnn.returnSequences()) {
      return squeezed;
    }
    String batchMajor = name + "_y";
    graph.node("Transpose", List.of(squeezed), List.of(batchMajor), Attribute.of("perm", 1, 0, 2));
    return batchMajor;
  }

  /** Turns the time axis: from the last step to before the first. */
  private String turned(String name, String timeMajor) {
    String turned = name + "_turned";
    graph.node(
        "Slice",
        List.of(
            timeMajor,
            graph.constant(name + "_start", -1),
            graph.constant(name + "_end", Long.MIN_VALUE + 1),
            graph.constant(name + "_axis", 0),
            graph.constant(name + "_step", -1)),
        List.of(turned));
    return turned;
  }

  private static Attribute[] attributes(SimpleRnn rnn) {
    Attribute size = Attribute.of("hidden_size", rnn.units());
    if (rnn.activation() == Activation.LINEAR) { // ONNX has the identity as 1 * x + 0
      return new Attribute[] {
        Attribute.strings("activations", "Affine"),
        Attribute.floats("activation_alpha", 1),
        Attribute.floats("activation_beta", 0),
        size
      };
    }
    return new Attribute[] {Attribute.strings("activations", operator(rnn.activation())), size};
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
    if (dense.activation() == Activation.LINEAR) {
      return sums;
    }
    String output = name + "_y";
    if (dense.activation() == Activation.SOFTMAX) {
      graph.node("Softmax", List.of(sums), List.of(output), Attribute.of("axis", -1));
    } else {
      graph.node(operator(dense.activation()), List.of(sums), List.of(output));
    }
    return output;
  }

  /** Returns ONNX's name of a function: Tanh, Relu or Sigmoid. */
  private static String operator(Activation activation) {
    String name = activation.kerasName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        result[c * rows + r] = matrix[r * columns + c];
      }
    }
    return result;
  }
}
