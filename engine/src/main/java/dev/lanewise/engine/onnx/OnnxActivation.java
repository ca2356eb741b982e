package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import java.util.List;

/** Activations as ONNX has them: operators, chains of them, and names within recurrent nodes. */
final class OnnxActivation {
  private static final float HALF = 0.5f;

  private OnnxActivation() {}

  /**
   * What a recurrent node says of a function.
   *
   * @param name ONNX's name
   * @param alpha its first constant, if it has any
   * @param beta its second constant, if it has two
   */
  record InCell(String name, List<Float> alpha, List<Float> beta) {
    private static InCell of(String name) {
      return new InCell(name, List.of(), List.of());
    }

    private static InCell of(String name, float alpha) {
      return new InCell(name, List.of(alpha), List.of());
    }

    private static InCell of(String name, float alpha, float beta) {
      return new InCell(name, List.of(alpha), List.of(beta));
    }
  }

  /**
   * Returns what a recurrent node says of a function.
   *
   * @throws IllegalArgumentException if ONNX has no such function there
   */
  static InCell inCell(Activation f, String layer) {
    return switch (f) {
      case LINEAR -> InCell.of("Affine", 1, 0);
      case RELU -> InCell.of("Relu");
      case TANH -> InCell.of("Tanh");
      case SIGMOID -> InCell.of("Sigmoid");
      case LEAKY_RELU -> InCell.of("LeakyRelu", 0.2f);
      case HARD_SIGMOID -> InCell.of("HardSigmoid", 1 / 6f, HALF);
      case KERAS_2_HARD_SIGMOID -> InCell.of("HardSigmoid", 0.2f, HALF);
      case ELU -> InCell.of("Elu", 1);
      case SOFTSIGN -> InCell.of("Softsign");
      case SOFTPLUS -> InCell.of("Softplus");
      case SOFTMAX, RELU6, EXPONENTIAL, SELU, SILU, GELU, HARD_SILU ->
          throw new IllegalArgumentException(
              layer
                  + ": activation "
                  + f.kerasName()
                  + " is not among those that ONNX allows in a recurrent node; export a model"
                  + " with another, or keep it in Keras's format");
    };
  }

  /** Adds nodes that apply a function to a value; returns the name of what they make. */
  static String apply(OnnxGraph graph, Activation f, String name, String x) {
    String y = name + "_y";
    List<String> in = List.of(x);
    List<String> out = List.of(y);
    switch (f) {
      case LINEAR -> {
        return x;
      }
      case RELU -> graph.node("Relu", in, out);
      case TANH -> graph.node("Tanh", in, out);
      case SIGMOID -> graph.node("Sigmoid", in, out);
      case SOFTMAX -> graph.node("Softmax", in, out, Attribute.of("axis", -1));
      case RELU6 -> {
        String low = graph.scalar(name + "_low", 0);
        String high = graph.scalar(name + "_high", 6);
        graph.node("Clip", List.of(x, low, high), out);
      }
      case LEAKY_RELU -> graph.node("LeakyRelu", in, out, Attribute.of("alpha", 0.2f));
      case HARD_SIGMOID -> hardSigmoid(graph, in, out, 1 / 6f);
      case KERAS_2_HARD_SIGMOID -> hardSigmoid(graph, in, out, 0.2f);
      case SOFTSIGN -> graph.node("Softsign", in, out);
      case EXPONENTIAL -> graph.node("Exp", in, out);
      case ELU -> graph.node("Elu", in, out); // alpha 1
      case SELU -> graph.node("Selu", in, out); // the paper's constants
      case SOFTPLUS -> graph.node("Softplus", in, out);
      case SILU -> {
        String gate = name + "_gate";
        graph.node("Sigmoid", in, List.of(gate));
        graph.node("Mul", List.of(x, gate), out);
      }
      case GELU -> gelu(graph, name, x, y);
      case HARD_SILU -> graph.node("HardSwish", in, out);
    }
    return y;
  }

  private static void hardSigmoid(OnnxGraph graph, List<String> in, List<String> out, float slope) {
    graph.node("HardSigmoid", in, out, Attribute.of("alpha", slope), Attribute.of("beta", HALF));
  }

  /** x (erf(x / sqrt 2) / 2 + 1/2): operator set 17 has erf and no gelu. */
  private static void gelu(OnnxGraph graph, String name, String x, String y) {
    String scaled = name + "_scaled";
    String erf = name + "_erf";
    String halved = name + "_halved";
    String share = name + "_share";
    String half = graph.scalar(name + "_half", HALF);
    float root = (float) Math.sqrt(HALF);
    graph.node("Mul", List.of(x, graph.scalar(name + "_root", root)), List.of(scaled));
    graph.node("Erf", List.of(scaled), List.of(erf));
    graph.node("Mul", List.of(erf, half), List.of(halved));
    graph.node("Add", List.of(halved, half), List.of(share));
    graph.node("Mul", List.of(x, share), List.of(y));
  }
}
