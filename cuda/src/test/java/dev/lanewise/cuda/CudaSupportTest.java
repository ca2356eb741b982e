package dev.lanewise.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Constraints;
import dev.lanewise.engine.layer.Conv3D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.ParameterRule;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.VolumeWindow;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.metric.Selection;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.WeightAverage;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has no kernels is named, on any machine. */
class CudaSupportTest {
  private static void refused(String reason, ModelSpec model) {
    assertThat(new CudaBackend().refusal(model)).isEqualTo(reason);
    assertThatThrownBy(() -> CudaSupport.require(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend cuda: " + reason + "; the backend cpu runs this model");
  }

  @Test
  void meansOfWeightsAreNamed() {
    refused(
        "an optimizer's running means of weights have no CUDA kernels yet",
        new ModelSpec(
            Shape.of(4),
            List.of(Dense.of(2)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1).withAverage(WeightAverage.withDefaults())));
  }

  @Test
  void masksThatNoLayerBelowMakesAreNamed() {
    GraphBuilder g = new GraphBuilder();
    Value steps = g.input("steps", Shape.of(3, 2));
    Value there = g.mask("there", 3);
    g.output(g.share(Gru.of(2)).applyUnder(List.of(there), steps).getFirst());
    refused(
        "an input that tells the steps that count has no CUDA kernels yet",
        new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of()));
    Graph within =
        new Graph(
            List.of(new Graph.Input("words", Shape.of(3, 4))),
            List.of(
                new TimeDistributed(Embedding.of(9, 2).maskingZero()),
                new TimeDistributed(Gru.of(2))),
            List.of(new Graph.Node(0, List.of(0)), new Graph.Node(1, List.of(1), List.of(), true)),
            List.of(2));
    refused(
        "masks within the steps of a sequence have no CUDA kernels yet",
        new ModelSpec(within, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of()));
  }

  @Test
  void rowsOfOnesAreNamed() {
    refused(
        "layer 0 (OneHot) takes the ids of tokens, which has no CUDA kernels yet",
        new ModelSpec(
            Shape.of(4), List.of(new OneHot(5), Gru.of(2)), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1)));
  }

  @Test
  void aLossOfWholeSequencesIsNamed() {
    refused(
        "the loss ctc has no CUDA kernels yet",
        new ModelSpec(
            Shape.of(4, 3), List.of(Gru.of(3).returningSequences()), Loss.CTC, Sgd.of(0.1)));
  }

  @Test
  void metricsWithoutAKernelAreNamed() {
    ModelSpec model =
        new ModelSpec(Shape.of(4), List.of(Dense.of(2)), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    refused(
        "metric r2 (R2Score) has no CUDA kernels yet",
        model.withMetrics(List.of(Metric.PRECISION, Metric.of(new R2Score(), "r2"))));
    refused(
        "metric p (Precision) has no CUDA kernels yet",
        model.withMetrics(
            List.of(Metric.of(new Measure.Precision(0.5, Selection.ofClass(1)), "p"))));
    assertThat(CudaSupport.refusal(model.withMetrics(List.of(Metric.PRECISION, Metric.AUC))))
        .isNull();
  }

  @Test
  void theRecurrentFamilyIsTaken() {
    ModelSpec model =
        stack(
            Dropout.of(0.5),
            Bidirectional.of(Lstm.of(4).returningSequences()),
            Gru.of(5).resettingBefore().withActivation(Activation.GELU),
            new RepeatVector(3),
            SimpleRnn.of(4).goingBackwards());
    assertThat(CudaSupport.refusal(model)).isNull();
  }

  @Test
  void whatGoesOverSequencesOfPicturesHasNoKernels() {
    ConvLstm layer = ConvLstm.of(4, SlidingWindow.of(1));
    ModelSpec model =
        new ModelSpec(
            Shape.of(3, 4, 2),
            List.of(Dense.of(2), layer.frozen()),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    refused("layer 1 (ConvLSTM1D) convolves its states, which has no CUDA kernels yet", model);
    refused(
        "layer 0 (Bidirectional) convolves its states, which has no CUDA kernels yet",
        new ModelSpec(
            Shape.of(3, 4, 2),
            List.of(Bidirectional.of(layer)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1)));
    String pictures = " goes over sequences of pictures, which has no CUDA kernels yet";
    refused("layer 0 (Conv3D)" + pictures, ofPictures(Conv3D.of(2, 1)));
    Layer back = ConvTranspose.of(2, VolumeWindow.of(2));
    refused("layer 0 (Conv3DTranspose)" + pictures, ofPictures(back));
    GridPooling pooling = GridPooling.max(VolumeWindow.tiles(1, 2));
    refused("layer 0 (MaxPooling3D)" + pictures, ofPictures(pooling));
    Layer each = new TimeDistributed(GridPooling.max(PictureWindow.tiles(2)));
    assertThat(CudaSupport.refusal(ofPictures(each))).isNull();
  }

  @Test
  void windowsHaveNoKernels() {
    CudaSupport.requireWhole(new PlanOptions(4, 1));
    assertThatThrownBy(() -> CudaSupport.requireWhole(new PlanOptions(4, 1, 0, 50)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backend cuda: truncated backprop has no CUDA kernels yet");
  }

  /** Whichever of both it is that has more. */
  @Test
  void productsOfMoreThanSequencesHaveNoKernels() {
    Shape picture = Shape.of(3, 4, 2);
    String reason =
        "layer 0 (Dot) reads more than [steps, features], which has no CUDA kernels yet";
    refused(reason, product(new Dot(2, 1, false), picture, Shape.of(4)));
    refused(reason, product(new Dot(1, 2, false), Shape.of(4), picture));
    assertThat(CudaSupport.refusal(product(Dot.of(1), Shape.of(4, 2), Shape.of(4)))).isNull();
  }

  private static ModelSpec product(Dot dot, Shape first, Shape second) {
    GraphBuilder g = new GraphBuilder();
    g.output(g.apply(dot, g.input("a", first), g.input("b", second)));
    return new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
  }

  @Test
  void masksThatDecideElementsHaveNoKernels() {
    String reason = " heeds the masks of what it reads, which has no CUDA kernels yet";
    refused("layer 2 (Multiply)" + reason, merged(Pointwise.MULTIPLY, true));
    assertThat(CudaSupport.refusal(merged(Pointwise.MULTIPLY, false))).isNull();
    assertThat(CudaSupport.refusal(merged(Pointwise.ADD, true))).isNull();
    Pointwise byOther = Pointwise.MULTIPLY.withRule(MaskRule.KERAS_2);
    assertThat(CudaSupport.refusal(merged(byOther, false))).isNull();
    refused("layer 2 (Multiply)" + reason, merged(byOther, true));
  }

  /** Returns a model that merges words, by one mask or two, with numbers that are masked or not. */
  private static ModelSpec merged(Pointwise merge, boolean masked) {
    GraphBuilder g = new GraphBuilder();
    Value words = g.input("words", Shape.of(4));
    Value a = g.apply(masked ? Embedding.of(5, 2).maskingZero() : Embedding.of(5, 2), words);
    Value numbers = g.input("numbers", Shape.of(4, 2));
    Value b = masked ? g.apply(Masking.ofZeros(), numbers) : numbers;
    g.output(g.apply(merge, a, b));
    return new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
  }

  @Test
  void constraintsHaveNoKernelsWhereTheyAreKept() {
    Constraints unit = Constraints.NONE.withRecurrent(new Constraint.UnitNorm());
    Layer layer = Bidirectional.of(Lstm.of(4).withConstraints(unit));
    refused(
        "layer 1 (Bidirectional) has a constraint on its recurrent_kernel, and constraints have no"
            + " CUDA kernels yet",
        stack(Dropout.of(0.5), layer));
    assertThat(CudaSupport.refusal(stack(layer.frozen(), Dense.of(2)))).isNull();
    ParameterRule beta =
        ParameterRule.of(Initializer.ZEROS).withConstraint(new Constraint.NonNeg());
    refused(
        "layer 0 (BatchNormalization) has a constraint on its beta, and constraints have no CUDA"
            + " kernels yet",
        stack(BatchNormalization.withDefaults().withBeta(beta)));
  }

  @Test
  void layersWithoutKernelsAreNamed() {
    refused(
        "layer 1 (ELU) has an alpha other than 1, which has no CUDA kernels yet",
        stack(Dense.of(3), new Elu(0.5)));
    refused(
        "layer 0 (TimeDistributed) has an alpha other than 1, which has no CUDA kernels yet",
        stack(new TimeDistributed(new Elu(0.5))));
    String axis = " is along another axis than the last, which has no CUDA kernels yet";
    refused(
        "layer 0 (LayerNormalization)" + axis,
        stack(LayerNormalization.withDefaults().withAxes(1, 2)));
    refused(
        "layer 0 (BatchNormalization)" + axis,
        stack(BatchNormalization.withDefaults().withAxis(1)));
    refused("layer 0 (UnitNormalization)" + axis, stack(new UnitNormalization(List.of(1))));
    refused(
        "layer 0 (ActivityRegularization) adds a penalty to the loss, which has no CUDA kernels"
            + " yet",
        stack(ActivityRegularization.l1(0.1)));
    refused(
        "layer 0 (GroupNormalization) normalizes groups of channels, which has no CUDA kernels yet",
        stack(GroupNormalization.of(2).frozen()));
    refused(
        "layer 0 (Dropout) drops steps whole, which has no CUDA kernels yet",
        stack(new Dropout(0.5, false, true)));
    refused(
        "layer 0 (Add) has an array of numbers, which has no CUDA kernels yet",
        stack(new ArrayArithmetic(Arithmetic.Operator.ADD, Constant.of(Shape.of(1), 2), false)));
    refused(
        "layer 0 (Greater) tells what is true or not, or takes it, which has no CUDA kernels yet",
        stack(Arithmetic.with(Arithmetic.Operator.GREATER, 1)));
    refused(
        "layer 0 (Where) tells what is true or not, or takes it, which has no CUDA kernels yet",
        stack(Arithmetic.with(Arithmetic.Operator.WHERE, 1)));
    refused(
        "layer 0 (LogicalNot) tells what is true or not, or takes it, which has no CUDA kernels"
            + " yet",
        stack(new Elements(Elements.Function.LOGICAL_NOT)));
    refused(
        "layer 0 (Floor) goes up in steps, which has no CUDA kernels yet",
        stack(new Elements(Elements.Function.FLOOR)));
    refused(
        "layer 0 (Erf) is the error function, which has no CUDA kernels yet",
        stack(new Elements(Elements.Function.ERF)));
    refused(
        "layer 0 (StopGradient) ends gradients, which has no CUDA kernels yet",
        stack(new Elements(Elements.Function.STOP_GRADIENT)));
    refused(
        "layer 0 (Any) tells what is true or not, or takes it, which has no CUDA kernels yet",
        stack(reduced(Reduction.Kind.ANY)));
    refused(
        "layer 0 (Argmax) gives places, which has no CUDA kernels yet",
        stack(reduced(Reduction.Kind.ARGMAX)));
    refused(
        "layer 0 (Cumsum) sums what there has been so far, which has no CUDA kernels yet",
        stack(new Cumsum(1)));
    GraphBuilder g = new GraphBuilder();
    Value x = g.input("x", Shape.of(3, 3));
    g.output(g.apply(MultiHeadAttention.of(2, 3).withAttentionMask(), x, x, x));
    refused(
        "layer 0 (MultiHeadAttention) reads an attention mask, which has no CUDA kernels yet",
        new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of()));
    GraphBuilder scored = new GraphBuilder();
    Value q = scored.input("x", Shape.of(3, 3));
    scored.share(MultiHeadAttention.of(2, 3).givingScores()).applyAll(q, q).forEach(scored::output);
    refused(
        "layer 0 (MultiHeadAttention) gives its scores, which has no CUDA kernels yet",
        new ModelSpec(scored.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of()));
    TimeDistributed each = new TimeDistributed(BatchNormalization.withDefaults());
    refused(
        "layer 0 (TimeDistributed) takes each step for a batch of its own, which has no CUDA"
            + " kernels yet",
        stack(each));
    assertThat(CudaSupport.refusal(stack(each.frozen()))).isNull();
    Layer last = LayerNormalization.withDefaults().withAxes(2);
    assertThat(CudaSupport.refusal(stack(last, BatchNormalization.withDefaults().withAxis(-1))))
        .isNull();
  }

  private static ModelSpec ofPictures(Layer layer) {
    return new ModelSpec(
        Shape.of(3, 4, 4, 2), List.of(layer), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
  }

  private static Reduction reduced(Reduction.Kind kind) {
    return new Reduction(kind, List.of(1), true);
  }

  private static ModelSpec stack(Layer... layers) {
    return new ModelSpec(Shape.of(3, 2), List.of(layers), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
  }

  private static ModelSpec stacked(int times) {
    GraphBuilder graph = new GraphBuilder();
    GraphBuilder.Value value = graph.input("values", Shape.of(1, 1, 3, 2));
    for (int i = 0; i < times; i++) {
      value = graph.apply(new Joined(1, true), value, value);
    }
    graph.output(graph.apply(Dense.of(2), graph.apply(new Flatten(), value)));
    return new ModelSpec(graph.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
  }

  @Test
  void samplesOfMoreSizesThanKernelsKnowAreNamed() {
    assertThat(CudaSupport.refusal(stack(Dense.of(3).frozen(), Lstm.of(4).frozen()))).isNull();
    assertThat(CudaSupport.refusal(stacked(2))).isNull();
    refused("layer 2 (Stack) has CUDA kernels for samples of 6 sizes, found more", stacked(3));
  }
}
