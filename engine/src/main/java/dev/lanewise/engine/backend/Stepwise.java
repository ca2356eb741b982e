package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** A model as it is at each single step of a sequence, if every layer can tell without the next. */
public final class Stepwise {
  private static final String ALL = "needs all steps at once";
  private static final String OWN = "makes steps of its own";
  private static final String OF_PICTURES = "takes a picture, or a sequence of them";
  private static final String SEVERAL = "reads several steps at once";

  private Stepwise() {}

  /**
   * {@return the model with sequences of one step, its parameters being the same}
   *
   * @param model the model of whole sequences
   * @throws UnsupportedOperationException if an input is no sequence, or inputs have different
   *     lengths, or a layer looks ahead or changes the steps
   */
  public static ModelSpec of(ModelSpec model) {
    Graph graph = model.graph();
    String reason = refusal(graph);
    if (!reason.isEmpty()) {
      throw new UnsupportedOperationException("stream: " + reason);
    }
    List<Input> steps = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Input input = graph.inputs().get(i);
      boolean tokens = graph.tokenRows(i) > 0;
      Shape step = tokens ? Shape.of(1) : Shape.of(1, input.shape().size(1));
      steps.add(new Input(input.name(), step, false, input.batchSize()));
    }
    Graph stepwise = new Graph(steps, graph.layers(), graph.nodes(), graph.outputs());
    return new ModelSpec(stepwise, model.outputs(), model.optimizer());
  }

  /** Returns why a graph cannot go step by step, empty if it can. */
  static String refusal(Graph graph) {
    for (int i = 0; i < graph.inputs().size(); i++) {
      Shape shape = graph.inputs().get(i).shape();
      if (shape.rank() == 1 && graph.tokenRows(i) == 0) {
        return "the model's input must be [steps, features], found " + shape;
      }
      if (shape.size(0) != graph.inputs().getFirst().shape().size(0)) {
        return "the model's inputs must have as many steps as each other, found "
            + graph.inputs().stream().map(Input::shape).toList();
      }
    }
    for (Node node : graph.nodes()) {
      Layer layer = graph.layers().get(node.layer());
      List<Shape> read = node.reads().stream().map(graph.shapes()::get).toList();
      String reason = refusal(layer, read);
      if (!reason.isEmpty()) {
        return "layer " + node.layer() + " (" + layer.kerasName() + ") " + reason;
      }
    }
    return "";
  }

  /** Returns why a layer cannot go step by step, empty if it can. */
  private static String refusal(Layer layer, List<Shape> inputs) {
    Shape input = inputs.getFirst();
    return switch (layer) {
      case ConvLstm convolving -> "takes a sequence or a picture at each step";
      case Recurrent recurrent ->
          recurrent.returnState()
              ? "gives its states (return_state)"
              : recurrent.goBackwards()
                  ? "begins with the last step (go_backwards)"
                  : inputs.size() > 1 ? "begins with states of others (initial_state)" : "";
      case Merge merge -> refusal(merge, inputs);
      case Bidirectional both -> "reads the sequence from its end as well";
      case Flatten flatten -> acrossSteps(input);
      case Reshape reshape -> acrossSteps(input);
      case RepeatVector repeat -> OWN;
      case ZeroPadding1D padding -> OWN;
      case UpSampling1D sampling -> OWN;
      case Operation operation -> refusal(operation, inputs);
      case Cropping1D cropping -> "leaves steps out";
      case Conv1D convolution -> refusal(convolution.window());
      case SparseConvolution convolution ->
          convolution.window() instanceof SlidingWindow ? SEVERAL : OF_PICTURES;
      case MaxPooling1D pooling -> SEVERAL;
      case AveragePooling1D pooling -> SEVERAL;
      case GlobalMaxPooling1D pooling -> ALL;
      case GlobalAveragePooling1D pooling -> ALL;
      case Permute permute -> permute.turns() ? ALL : "";
      case Frozen frozen -> refusal(frozen.layer(), inputs);
      case Embedding embedding -> "";
      case Masking masking -> "";
      case BatchNormalization normalization ->
          normalization.ofFeatures(input) ? "" : "has means of its own for each step";
      case LayerNormalization normalization -> normalization.ofFeatures(input) ? "" : ALL;
      case GroupNormalization normalization -> acrossSteps(input);
      case Rescaling rescaling -> "";
      case TimeDistributed distributed ->
          distributed.actsOnFeatures()
              ? ""
              : "is of a layer that takes a sequence at each step ("
                  + distributed.layer().kerasName()
                  + ")";
      case GridConvolution convolution -> OF_PICTURES;
      case GridPooling pooling -> "takes a picture";
      case GlobalGridPooling pooling -> "takes a picture";
      case Relocation picture -> "takes a picture";
      case Normalization normalization ->
          normalization.variesBySteps(input) ? "has means of its own for each step" : "";
      case Dense dense -> "";
      case ActivationLayer function -> "";
      case LeakyRelu leaky -> "";
      case Softmax softmax -> softmax.ofFeatures(input) ? "" : ALL;
      case Prelu learnt ->
          learnt.alpha(input).positions() == 1 ? "" : "has slopes of its own for each step";
      case UnitNormalization unit -> unit.ofFeatures(input) ? "" : ALL;
      case Rowwise rowwise -> "";
      case Dropout dropout -> "";
      case SpatialDropout dropout -> "";
    };
  }

  /** A window that ends with the step at hand sees what has been. */
  private static String refusal(SlidingWindow window) {
    boolean sees = window.padding() == Padding.CAUSAL || window.size() == 1;
    return sees && window.strides() == 1
        ? ""
        : SEVERAL + ", not only those so far (padding must be causal, strides 1)";
  }

  /** What is made step by step of steps is, and what is made of last states alone. */
  private static String refusal(Merge merge, List<Shape> inputs) {
    boolean vectors = inputs.stream().allMatch(shape -> shape.rank() == 1);
    return switch (merge) {
      case Pointwise each ->
          inputs.stream().map(Merge::stepsOrNone).distinct().count() == 1
              ? ""
              : "has the same for all steps, which may be the last state";
      case Concatenate side ->
          side.ofFeatures(inputs.getFirst().rank()) ? "" : "puts steps behind one another";
      case Dot dot -> vectors ? "" : ALL;
      case Attention attention -> ALL;
      case AdditiveAttention attention -> ALL;
      case MultiHeadAttention attention -> ALL;
    };
  }

  private static String refusal(Operation operation, List<Shape> inputs) {
    Shape input = inputs.getFirst();
    return switch (operation) {
      case Arithmetic two ->
          inputs.stream().map(Merge::stepsOrNone).distinct().count() == 1
              ? ""
              : "has the same for all steps, which may be the last state";
      case ArrayArithmetic each ->
          input.rank() == each.array().shape().rank() && each.array().shape().positions() > 1
              ? "has numbers of its own for each step"
              : "";
      case Elements each -> "";
      case Clip clip -> "";
      case Activated function -> "";
      case Reduction reduction ->
          reduction.isOver(0) || !reduction.keepDims() ? acrossSteps(input) : "";
      case SoftmaxOver softmax -> ALL;
      case Cumsum sums -> sums.axis() == 1 ? acrossSteps(input) : "";
      case OneHot each -> "";
      case Joined joined ->
          joined.stacked() ? OWN : joined.axis() == input.rank() ? "" : "puts steps behind others";
      case GetItem item ->
          input.rank() == 1 || item.takesAllSteps(input) || item.takesLastStep()
              ? ""
              : "leaves steps out";
    };
  }

  private static String acrossSteps(Shape input) {
    return input.rank() == 1 ? "" : ALL;
  }
}
