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
      case SPARSE_SIGMOID -> InCell.of("HardSigmoid", HALF, HALF);
      case SOFTMAX,
          RELU6,
          EXPONENTIAL,
          SELU,
          SILU,
          GELU,
          HARD_SILU,
          HARD_TANH,
          HARD_SHRINK,
          SOFT_SHRINK,
          TANH_SHRINK,
          MISH,
          LOG_SIGMOID,
          SQUAREPLUS,
          SPARSE_PLUS ->
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
      case RELU6 -> clip(graph, name, x, y, 0, 6);
      case HARD_TANH -> clip(graph, name, x, y, -1, 1);
      case SPARSE_SIGMOID -> hardSigmoid(graph, in, out, HALF);
      case HARD_SHRINK -> graph.node("Shrink", in, out, Attribute.of("lambd", HALF));
      case SOFT_SHRINK ->
          graph.node("Shrink", in, out, Attribute.of("lambd", HALF), Attribute.of("bias", HALF));
      case TANH_SHRINK -> {
        String tanh = name + "_tanh";
        graph.node("Tanh", in, List.of(tanh));
        graph.node("Sub", List.of(x, tanh), out);
      }
      case MISH -> {
        String soft = name + "_softplus";
        String gate = name + "_gate";
        graph.node("Softplus", in, List.of(soft));
        graph.node("Tanh", List.of(soft), List.of(gate));
        graph.node("Mul", List.of(x, gate), out);
      }
      case LOG_SIGMOID -> {
        String negative = name + "_negative";
        String soft = name + "_softplus";
        graph.node("Neg", in, List.of(negative));
        graph.node("Softplus", List.of(negative), List.of(soft));
        graph.node("Neg", List.of(soft), out);
      }
      case SQUAREPLUS -> squareplus(graph, name, x, y);
      case SPARSE_PLUS -> sparsePlus(graph, name, x, y);
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

  private static void clip(
      OnnxGraph graph, String name, String x, String y, float least, float most) {
    String low = graph.scalar(name + "_low", least);
    String high = graph.scalar(name + "_high", most);
    graph.node("Clip", List.of(x, low, high), List.of(y));
  }

  /** (x + sqrt(x^2 + 4)) / 2. */
  private static void squareplus(OnnxGraph graph, String name, String x, String y) {
    String square = name + "_square";
    String sum = name + "_sum";
    String root = name + "_root";
    String twice = name + "_twice";
    graph.node("Mul", List.of(x, x), List.of(square));
    graph.node("Add", List.of(square, graph.scalar(name + "_four", 4)), List.of(sum));
    graph.node("Sqrt", List.of(sum), List.of(root));
    graph.node("Add", List.of(root, x), List.of(twice));
    graph.node("Mul", List.of(twice, graph.scalar(name + "_half", HALF)), List.of(y));
  }

  /** The square of (x + 1) / 2, kept between 0 and 1, and what x has above 1. */
  private static void sparsePlus(OnnxGraph graph, String name, String x, String y) {
    String share = name + "_share";
    String square = name + "_square";
    String beyond = name + "_beyond";
    String rest = name + "_rest";
    hardSigmoid(graph, List.of(x), List.of(share), HALF);
    graph.node("Mul", List.of(share, share), List.of(square));
    graph.node("Sub", List.of(x, graph.scalar(name + "_one", 1)), List.of(beyond));
    graph.node("Relu", List.of(beyond), List.of(rest));
    graph.node("Add", List.of(square, rest), List.of(y));
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
