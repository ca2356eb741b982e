package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.cpu.layer.ActivationRun;
import dev.lanewise.engine.backend.cpu.layer.ActivityRun;
import dev.lanewise.engine.backend.cpu.layer.AveragePoolingRun;
import dev.lanewise.engine.backend.cpu.layer.ConcatenateRun;
import dev.lanewise.engine.backend.cpu.layer.CpuAttention;
import dev.lanewise.engine.backend.cpu.layer.CpuBatchNormalization;
import dev.lanewise.engine.backend.cpu.layer.CpuConvolution;
import dev.lanewise.engine.backend.cpu.layer.CpuDense;
import dev.lanewise.engine.backend.cpu.layer.CpuDropout;
import dev.lanewise.engine.backend.cpu.layer.CpuEmbedding;
import dev.lanewise.engine.backend.cpu.layer.CpuHeads;
import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.CpuLayerNormalization;
import dev.lanewise.engine.backend.cpu.layer.CpuMerge;
import dev.lanewise.engine.backend.cpu.layer.CpuNormalization;
import dev.lanewise.engine.backend.cpu.layer.CpuPrelu;
import dev.lanewise.engine.backend.cpu.layer.CpuRmsNormalization;
import dev.lanewise.engine.backend.cpu.layer.CpuSparseConvolution;
import dev.lanewise.engine.backend.cpu.layer.CpuTimeDistributed;
import dev.lanewise.engine.backend.cpu.layer.DotRun;
import dev.lanewise.engine.backend.cpu.layer.DropRate;
import dev.lanewise.engine.backend.cpu.layer.EluRun;
import dev.lanewise.engine.backend.cpu.layer.GlobalMaxRun;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.LeakyReluRun;
import dev.lanewise.engine.backend.cpu.layer.MaskedAverageRun;
import dev.lanewise.engine.backend.cpu.layer.MaskingRun;
import dev.lanewise.engine.backend.cpu.layer.MaxPoolingRun;
import dev.lanewise.engine.backend.cpu.layer.NoiseRun;
import dev.lanewise.engine.backend.cpu.layer.OperationRuns;
import dev.lanewise.engine.backend.cpu.layer.PermuteRun;
import dev.lanewise.engine.backend.cpu.layer.PickedStepsRun;
import dev.lanewise.engine.backend.cpu.layer.PointwiseRun;
import dev.lanewise.engine.backend.cpu.layer.ReluRun;
import dev.lanewise.engine.backend.cpu.layer.RescalingRun;
import dev.lanewise.engine.backend.cpu.layer.ReshapeRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.Signals;
import dev.lanewise.engine.backend.cpu.layer.UnitNormalizationRun;
import dev.lanewise.engine.backend.cpu.layer.WeightlessLayer;
import dev.lanewise.engine.backend.cpu.recurrent.CpuBidirectional;
import dev.lanewise.engine.backend.cpu.recurrent.CpuWalk;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;

/** The layers of the CPU, each made of its description. */
final class CpuLayers {
  private CpuLayers() {}

  /**
   * Takes the memory of the weights that a node of a model works with.
   *
   * @param index the node
   */
  static CpuLayer of(LayerContext context, ModelSpec spec, int index) {
    Graph graph = spec.graph();
    int output = graph.outputs().indexOf(graph.firstValue(index));
    boolean logits = output >= 0 && context.training() && spec.lossForm(output).takesLogits();
    Graph.Node node = graph.nodes().get(index);
    Layer layer = graph.layers().get(node.layer());
    List<Shape> inputs = node.reads().stream().map(graph.shapes()::get).toList();
    return layer(context, layer, inputs, logits);
  }

  private static CpuLayer layer(
      LayerContext context, Layer layer, List<Shape> inputs, boolean logits) {
    LayerContext own = layer.trainable() ? context : context.frozen();
    return switch (layer.unfrozen()) {
      case Merge merge -> merge(own, merge, inputs);
      case Operation operation -> OperationRuns.of(operation, inputs, logits);
      case TimeDistributed each -> eachStep(own, each, inputs);
      default -> layer(context, layer, inputs.getFirst(), logits); // reads one value, or begins
    };
  }

  private static CpuLayer eachStep(LayerContext context, TimeDistributed each, List<Shape> inputs) {
    if (each.innermost() instanceof BatchNormalization norm) {
      return new CpuBatchNormalization(context, norm.withAxis(-1), inputs.getFirst(), each.depth());
    }
    Layer whole = each.ofWhole(inputs);
    List<Shape> parts = TimeDistributed.parts(inputs);
    return whole != null
        ? layer(context, whole, inputs, false)
        : new CpuTimeDistributed(
            context, steps -> layer(steps, each.layer(), parts, false), inputs);
  }

  private static CpuLayer merge(LayerContext context, Merge layer, List<Shape> inputs) {
    Shape output = layer.mergedShape(inputs);
    return switch (layer) {
      case Pointwise each -> (CpuMerge) (run, in) -> new PointwiseRun(each, output, run, in);
      case Concatenate side ->
          (CpuMerge) (run, in) -> new ConcatenateRun(side, inputs, output, run, in);
      case Dot dot -> (CpuMerge) (run, in) -> new DotRun(dot, inputs, output, run, in);
      case Attention attention -> CpuAttention.of(context, attention, inputs);
      case AdditiveAttention attention -> CpuAttention.of(context, attention, inputs);
      case MultiHeadAttention attention -> new CpuHeads(context, attention, inputs);
    };
  }

  /** Returns a layer; {@code logits} says whether it leaves its activation to the loss. */
  private static CpuLayer layer(LayerContext context, Layer layer, Shape input, boolean logits) {
    return switch (layer) {
      case Dense dense -> new CpuDense(context, dense, input, logits);
      case TimeDistributed each -> eachStep(context, each, List.of(input));
      case Recurrent recurrent -> CpuWalk.of(context, recurrent, input);
      case Bidirectional both -> new CpuBidirectional(context, both, input);
      case ActivationLayer function ->
          activation(input, logits ? Activation.LINEAR : function.activation());
      case Dropout dropout -> {
        DropRate rate = context.drops(dropout.rate());
        yield new CpuDropout(
            dropout.sameForAllFeatures() ? rate.wholeRows() : rate,
            dropout.sameAtAllPositions(),
            input);
      }
      case SpatialDropout dropout -> new CpuDropout(context.drops(dropout.rate()), true, input);
      case Masking masking ->
          weightless(
              input,
              (run, in) -> new MaskingRun(masking, context.zeroRow(input.size(-1)), run, in));
      case LeakyRelu leaky -> weightless(input, (run, in) -> new LeakyReluRun(leaky, run, in));
      case Softmax softmax when softmax.ofFeatures(input) -> activation(input, Activation.SOFTMAX);
      case Softmax softmax ->
          OperationRuns.of(new SoftmaxOver(softmax.axis(input)), List.of(input), false);
      case Rowwise rowwise -> rowwise(context, rowwise, input);
      case Flatten flatten -> reshape(input, flatten.outputShape(input));
      case Reshape reshape -> reshape(input, reshape.outputShape(input));
      case RepeatVector repeat -> picked(layer, input, step -> 0);
      case ZeroPadding1D padding -> picked(layer, input, step -> step - padding.before());
      case Cropping1D cropping -> picked(layer, input, step -> step + cropping.before());
      case UpSampling1D sampling -> picked(layer, input, step -> step / sampling.size());
      case Operation operation -> OperationRuns.of(operation, List.of(input), logits);
      case Conv1D convolution -> CpuConvolution.of(context, convolution, input, logits);
      case SparseConvolution convolution ->
          CpuSparseConvolution.of(context, convolution, input, logits);
      case GridConvolution convolution -> CpuConvolution.of(context, convolution, input, logits);
      case GridPooling pooling -> pooled(pooling.kind(), pooling.places(input), input);
      case Relocation picture ->
          picked(
              picture.outputShape(input).positions(), input, place -> picture.source(input, place));
      case GlobalGridPooling pooling ->
          pooling.kind() == GridPooling.Kind.MAX
              ? weightless(input, GlobalMaxRun::new)
              : averages(input, pooling.window(input));
      case MaxPooling1D pooling -> pooled(GridPooling.Kind.MAX, pooling.windows(input), input);
      case AveragePooling1D pooling -> averages(input, pooling.windows(input));
      case GlobalAveragePooling1D pooling ->
          weightless(
              input,
              (run, in) ->
                  in.mask() == null
                      ? new AveragePoolingRun(pooling.window(input), run, in)
                      : new MaskedAverageRun(in.mask(), run, in));
      case GlobalMaxPooling1D pooling -> weightless(input, GlobalMaxRun::new);
      case Permute permute ->
          permute.turns()
              ? weightless(input, (run, in) -> new PermuteRun(permute, run, in))
              : reshape(input, input);
      case Rescaling rescaling ->
          weightless(input, (run, in) -> new RescalingRun(rescaling, run, in));
      case Normalization normalization -> new CpuNormalization(context, normalization, input);
      case LayerNormalization normalization ->
          CpuLayerNormalization.of(context, normalization, input);
      case GroupNormalization normalization ->
          CpuLayerNormalization.of(context, normalization, input);
      case Embedding embedding -> new CpuEmbedding(context, embedding, input);
      case BatchNormalization normalization ->
          new CpuBatchNormalization(context, normalization, input, 0);
      case Frozen frozen -> layer(context.frozen(), frozen.layer(), input, logits);
      case Merge merge -> merge(context, merge, List.of(input));
    };
  }

  private static CpuLayer rowwise(LayerContext context, Rowwise layer, Shape input) {
    return switch (layer) {
      case Relu relu -> weightless(input, (run, in) -> new ReluRun(relu, run, in));
      case Elu elu -> weightless(input, (run, in) -> new EluRun(elu, run, in));
      case Prelu learnt -> new CpuPrelu(context, learnt, input);
      case UnitNormalization unit ->
          weightless(input, (run, in) -> new UnitNormalizationRun(unit, run, in));
      case RmsNormalization normalization -> new CpuRmsNormalization(context, normalization, input);
      case Noise noise ->
          weightless(input, (run, in) -> new NoiseRun(context.number(), noise, run, in));
      case ActivityRegularization penalty ->
          weightless(input, (run, in) -> new ActivityRun(penalty, run, in));
    };
  }

  /**
   * Returns a layer whose steps are its input's by a rule, or zeros where that has no such step.
   */
  private static WeightlessLayer picked(Layer layer, Shape input, IntUnaryOperator source) {
    return picked(layer.outputShape(input).size(0), input, source);
  }

  private static WeightlessLayer picked(int steps, Shape input, IntUnaryOperator source) {
    return weightless(input, (run, in) -> new PickedStepsRun(steps, source, run, in));
  }

  private static WeightlessLayer pooled(GridPooling.Kind kind, WindowPlaces places, Shape input) {
    return kind == GridPooling.Kind.MAX
        ? weightless(input, (run, in) -> new MaxPoolingRun(places, run, in))
        : averages(input, places);
  }

  private static WeightlessLayer averages(Shape input, WindowPlaces windows) {
    return weightless(input, (run, in) -> new AveragePoolingRun(windows, run, in));
  }

  private static WeightlessLayer activation(Shape input, Activation activation) {
    return weightless(input, (run, in) -> new ActivationRun(activation, run, in));
  }

  private static WeightlessLayer reshape(Shape input, Shape output) {
    return weightless(input, (run, in) -> new ReshapeRun(output, run, in));
  }

  private static WeightlessLayer weightless(
      Shape input, BiFunction<RunContext, Signals, LayerRun> run) {
    return (context, below) -> run.apply(context, new Signals(below, context, input));
  }

  /**
   * Returns the widest of what a layer has within it: gates or heads side by side; 0 if nothing.
   */
  static int widestWithin(Layer layer, Shape input) {
    return switch (layer) {
      case Recurrent recurrent -> CpuWalk.gateColumns(recurrent);
      case Bidirectional both ->
          Math.max(widestWithin(both.forward(), input), widestWithin(both.backward(), input));
      case TimeDistributed distributed -> widestWithin(distributed.layer(), input.part());
      case MultiHeadAttention attention -> attention.widest();
      case SeparableConv two -> two.depthwise().outputShape(input).size(-1);
      case Frozen frozen -> widestWithin(frozen.layer(), input);
      default -> 0; // is as wide as what it gives
    };
  }
}
