package dev.lanewise.cuda;

import dev.lanewise.cuda.network.CudaLoss;
import dev.lanewise.cuda.network.CudaMeasures;
import dev.lanewise.cuda.plan.CudaUpdate;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Conv3D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.VolumeWindow;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.tensor.Shape;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What there are no kernels for. Few layers are among it: the switch in the network's {@code
 * CudaLayers} is exhaustive, as are those of {@link CudaLoss}, {@link CudaMeasures} and {@link
 * CudaUpdate}.
 */
final class CudaSupport {
  private static final int MOST_SIZES = 6; // of axes.cuh

  private static final String GIVES = "gives its scores";
  private static final String COMPARES = "tells what is true or not, or takes it";

  private CudaSupport() {}

  /** Returns what of a model there are no kernels for, in one line, or null if all are there. */
  static @Nullable String refusal(ModelSpec model) {
    Graph graph = model.graph();
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      String kind = heedsMasks(graph, n) ? "heeds the masks of what it reads" : null;
      kind = kind == null ? withoutKernels(graph, node) : kind;
      if (kind != null) {
        return "layer "
            + node.layer()
            + " ("
            + graph.layers().get(node.layer()).className()
            + ") "
            + kind
            + ", which has no CUDA kernels yet";
      }
      if (mostSizes(graph, n) > MOST_SIZES) {
        int layer = graph.nodes().get(n).layer();
        return "layer "
            + layer
            + " ("
            + graph.layers().get(layer).className()
            + ") has CUDA kernels for samples of "
            + MOST_SIZES
            + " sizes, found more";
      }
    }
    if (graph.inputs().stream().anyMatch(Graph.Input::tellsMask)) {
      return "an input that tells the steps that count has no CUDA kernels yet";
    }
    if (graph.nodes().stream().anyMatch(Graph.Node::within)) {
      return "masks within the steps of a sequence have no CUDA kernels yet";
    }
    if (model.optimizer().average().kept()) {
      return "an optimizer's running means of weights have no CUDA kernels yet";
    }
    if (graph.outputs().stream().anyMatch(graph.lostMasks()::ofOutput)) {
      return "a loss under a mask that an attention has taken away has no CUDA kernels";
    }
    if (model.outputs().stream().anyMatch(output -> output.loss() instanceof Ctc)) {
      return "the loss ctc has no CUDA kernels yet";
    }
    String metric = metricWithoutKernel(model);
    return metric == null ? constrained(graph) : metric;
  }

  private static @Nullable String metricWithoutKernel(ModelSpec model) {
    return model.metrics().stream()
        .filter(metric -> CudaMeasures.isWithoutKernel(metric.measure()))
        .findFirst()
        .map(
            metric ->
                "metric "
                    + metric.name()
                    + " ("
                    + metric.measure().getClass().getSimpleName()
                    + ") has no CUDA kernels yet")
        .orElse(null);
  }

  /** Returns what about a layer has no kernels, or null. */
  private static @Nullable String withoutKernels(Graph graph, Graph.Node node) {
    Layer layer = graph.layers().get(node.layer());
    int sizes = 2;
    Layer bare = layer.unfrozen();
    if (bare instanceof TimeDistributed each) {
      sizes += each.depth();
      bare = each.innermost();
    }
    int most = sizes;
    if (bare instanceof Dot
        && node.reads().stream().anyMatch(read -> graph.shapes().get(read).rank() > most)) {
      return "reads more than [steps, features]";
    }
    return withoutKernels(layer, graph.shapes().get(node.reads().getFirst()));
  }

  /** Returns whether masks decide elements, or steps have to count by several of them. */
  private static boolean heedsMasks(Graph graph, int n) {
    Graph.Node node = graph.nodes().get(n);
    boolean elements =
        graph.layers().get(node.layer()).unfrozen() instanceof Pointwise each
            && each.heedsMasks()
            && node.reads().stream().anyMatch(read -> graph.masks().of(read) != null);
    return elements || graph.masks().of(graph.firstValue(n)) instanceof Mask.All;
  }

  private static @Nullable String withoutKernels(Layer layer, Shape input) {
    boolean ofFeatures =
        switch (layer.unfrozen()) {
          case LayerNormalization norm -> norm.ofFeatures(input);
          case BatchNormalization norm -> norm.ofFeatures(input);
          case UnitNormalization norm -> norm.ofFeatures(input);
          default -> true;
        };
    if (!ofFeatures) {
      return "is along another axis than the last";
    }
    return switch (layer.unfrozen()) {
      case ConvLstm _ -> "convolves its states";
      case TimeDistributed each
          when each.innermost() instanceof BatchNormalization && layer.trainable() ->
          "takes each step for a batch of its own";
      case Bidirectional both -> withoutKernels(both.forward(), input);
      case Dropout dropout when dropout.sameForAllFeatures() -> "drops steps whole";
      case Conv3D _ -> "goes over sequences of pictures";
      case SparseConvolution convolution when convolution.window() instanceof VolumeWindow ->
          "goes over sequences of pictures";
      case GridPooling pooling when !(pooling.window() instanceof PictureWindow) ->
          "goes over sequences of pictures";
      case Elu _ -> "has an alpha other than 1";
      case ActivityRegularization _ -> "adds a penalty to the loss";
      case GroupNormalization _ -> "normalizes groups of channels";
      case OneHot _ -> "takes the ids of tokens";
      case ArrayArithmetic _ -> "has an array of numbers";
      case MultiHeadAttention heads when heads.attentionMask() -> "reads an attention mask";
      case MultiHeadAttention heads when heads.scoresGiven() -> GIVES;
      case Attention attention when attention.scoresGiven() -> GIVES;
      case AdditiveAttention attention when attention.scoresGiven() -> GIVES;
      case Cumsum _ -> "sums what there has been so far";
      case Arithmetic two when two.operator().isTruth() -> COMPARES;
      case Arithmetic two when two.operator() == Operator.WHERE -> COMPARES;
      case Elements each -> withoutKernel(each.function());
      case Reduction reduction -> withoutKernel(reduction.kind());
      case TimeDistributed each -> withoutKernels(each.layer(), input.part());
      default -> null;
    };
  }

  private static @Nullable String withoutKernel(Elements.Function function) {
    return switch (function) {
      case SIGN, FLOOR, CEIL, ROUND -> "goes up in steps";
      case LOGICAL_NOT, CAST -> COMPARES;
      case ERF -> "is the error function";
      case STOP_GRADIENT -> "ends gradients";
      default -> null;
    };
  }

  private static @Nullable String withoutKernel(Reduction.Kind kind) {
    return switch (kind) {
      case ANY, ALL -> COMPARES;
      case ARGMAX, ARGMIN -> "gives places";
      default -> null;
    };
  }

  private static @Nullable String constrained(Graph graph) {
    for (int layer = 0; layer < graph.layers().size(); layer++) {
      for (ParameterSpec array : graph.parameters(layer)) {
        if (array.trainable() && !(array.constraint() instanceof Constraint.None)) {
          return "layer "
              + layer
              + " ("
              + graph.layers().get(layer).className()
              + ") has a constraint on its "
              + array.name()
              + ", and constraints have no CUDA kernels yet";
        }
      }
    }
    return null;
  }

  /** Returns how many sizes those values have that a node gives: inputs have few. */
  private static int mostSizes(Graph graph, int n) {
    return IntStream.range(graph.firstValue(n), graph.firstValue(n + 1))
        .map(value -> graph.shapes().get(value).rank())
        .max()
        .orElseThrow();
  }

  /**
   * Refuses a model that there are no kernels for.
   *
   * @throws IllegalArgumentException naming the layer
   */
  static void require(ModelSpec model) {
    refuse(refusal(model));
  }

  /**
   * Refuses sequences that are cut into windows.
   *
   * @throws IllegalArgumentException if they are
   */
  static void requireWhole(PlanOptions options) {
    refuse(options.window() == 0 ? null : "truncated backprop has no CUDA kernels yet");
  }

  private static void refuse(@Nullable String missing) {
    if (missing != null) {
      throw new IllegalArgumentException(
          "backend cuda: " + missing + "; the backend cpu runs this model");
    }
  }
}
