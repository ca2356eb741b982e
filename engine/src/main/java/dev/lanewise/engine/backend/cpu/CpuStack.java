package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.cpu.batch.BlankLead;
import dev.lanewise.engine.backend.cpu.batch.IdleSteps;
import dev.lanewise.engine.backend.cpu.batch.MaskedSteps;
import dev.lanewise.engine.backend.cpu.layer.ActivationRun;
import dev.lanewise.engine.backend.cpu.layer.AveragePoolingRun;
import dev.lanewise.engine.backend.cpu.layer.CpuBatchNormalization;
import dev.lanewise.engine.backend.cpu.layer.CpuConv1D;
import dev.lanewise.engine.backend.cpu.layer.CpuDense;
import dev.lanewise.engine.backend.cpu.layer.CpuDropout;
import dev.lanewise.engine.backend.cpu.layer.CpuEmbedding;
import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.CpuLayerNormalization;
import dev.lanewise.engine.backend.cpu.layer.GlobalMaxRun;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.LeakyReluRun;
import dev.lanewise.engine.backend.cpu.layer.MaskedAverageRun;
import dev.lanewise.engine.backend.cpu.layer.MaskingRun;
import dev.lanewise.engine.backend.cpu.layer.MaxPoolingRun;
import dev.lanewise.engine.backend.cpu.layer.MeetingLayer;
import dev.lanewise.engine.backend.cpu.layer.PermuteRun;
import dev.lanewise.engine.backend.cpu.layer.PickedStepsRun;
import dev.lanewise.engine.backend.cpu.layer.RescalingRun;
import dev.lanewise.engine.backend.cpu.layer.ReshapeRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.Signals;
import dev.lanewise.engine.backend.cpu.layer.WeightlessLayer;
import dev.lanewise.engine.backend.cpu.recurrent.CpuBidirectional;
import dev.lanewise.engine.backend.cpu.recurrent.CpuRecurrent;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.backend.cpu.weights.Weights;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights.
 *
 * @param layers first to last
 */
record CpuStack(List<CpuLayer> layers) implements Weights {
  /**
   * Takes the memory of a model's weights.
   *
   * @param samples the most of a training batch, 0 for a model that will not be trained
   */
  static CpuStack in(TensorArena arena, ModelSpec spec, int samples) {
    int shards = samples == 0 ? 0 : Shards.mostShards(samples);
    int rows = samples == 0 ? 0 : Shards.mostRows(samples);
    List<String> slots = shards == 0 ? List.of() : spec.optimizer().slots();
    int widest = widest(spec);
    Tensor zeros = arena.tensor("zeros", Shape.of(1, widest), Kernels.padded(widest));
    List<CpuLayer> layers = new ArrayList<>();
    for (int i = 0; i < spec.layers().size(); i++) {
      boolean lowest = layers.stream().noneMatch(CpuLayer::isTrained);
      LayerContext context = new LayerContext(arena, shards, rows, slots, zeros, lowest, i, true);
      layers.add(layer(context, spec, i));
    }
    return new CpuStack(List.copyOf(layers));
  }

  private static CpuLayer layer(LayerContext context, ModelSpec spec, int index) {
    boolean last = index == spec.layers().size() - 1;
    boolean logits = last && lossTakesLogits(context, spec);
    return layer(context, spec.layers().get(index), spec.inputOf(index), logits);
  }

  /** Returns a layer; {@code logits} says whether it leaves its activation to the loss. */
  private static CpuLayer layer(LayerContext context, Layer layer, Shape input, boolean logits) {
    return switch (layer) {
      case Dense dense -> new CpuDense(context, dense, input, logits);
      case TimeDistributed distributed -> layer(context, distributed.layer(), input, false);
      case Recurrent recurrent -> new CpuRecurrent(context, recurrent, input);
      case Bidirectional both -> new CpuBidirectional(context, both, input);
      case ActivationLayer function ->
          activation(input, logits ? Activation.LINEAR : function.activation());
      case Dropout dropout -> new CpuDropout(context.drops(dropout.rate()), false, input);
      case SpatialDropout1D dropout -> new CpuDropout(context.drops(dropout.rate()), true, input);
      case Masking masking ->
          weightless(
              input,
              (run, in) -> new MaskingRun(masking, context.zeroRow(input.size(-1)), run, in));
      case LeakyRelu leaky -> weightless(input, (run, in) -> new LeakyReluRun(leaky, run, in));
      case Flatten flatten -> reshape(input, flatten.outputShape(input));
      case Reshape reshape -> reshape(input, reshape.outputShape(input));
      case RepeatVector repeat -> picked(layer, input, step -> 0);
      case ZeroPadding1D padding -> picked(layer, input, step -> step - padding.before());
      case Cropping1D cropping -> picked(layer, input, step -> step + cropping.before());
      case UpSampling1D sampling -> picked(layer, input, step -> step / sampling.size());
      case Conv1D convolution -> new CpuConv1D(context, convolution, input, logits);
      case MaxPooling1D pooling -> {
        SlidingWindow.Windows windows = pooling.windows(input);
        yield weightless(input, (run, in) -> new MaxPoolingRun(windows, run, in));
      }
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
          permute.turns() ? weightless(input, PermuteRun::new) : reshape(input, input);
      case Rescaling rescaling ->
          weightless(input, (run, in) -> new RescalingRun(rescaling, run, in));
      case LayerNormalization normalization ->
          new CpuLayerNormalization(context, normalization, input);
      case Embedding embedding -> new CpuEmbedding(context, embedding, input);
      case BatchNormalization normalization ->
          new CpuBatchNormalization(context, normalization, input);
      case Frozen frozen -> layer(context.frozen(), frozen.layer(), input, logits);
    };
  }

  /**
   * Returns a layer whose steps are its input's by a rule, or zeros where that has no such step.
   */
  private static WeightlessLayer picked(Layer layer, Shape input, IntUnaryOperator source) {
    int steps = layer.outputShape(input).size(0);
    return weightless(input, (run, in) -> new PickedStepsRun(steps, source, run, in));
  }

  private static WeightlessLayer averages(Shape input, SlidingWindow.Windows windows) {
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

  private static boolean lossTakesLogits(LayerContext context, ModelSpec spec) {
    return context.training() && spec.lossForm().takesLogits();
  }

  private static int widest(ModelSpec spec) {
    int widest = spec.input().size(-1);
    for (int i = 1; i <= spec.layers().size(); i++) {
      widest = Math.max(widest, spec.inputOf(i).size(-1));
      widest = Math.max(widest, gateColumns(spec.layers().get(i - 1)));
    }
    return widest;
  }

  private static int gateColumns(Layer layer) {
    return switch (layer) {
      case Recurrent recurrent -> CpuRecurrent.gateColumns(recurrent);
      case Bidirectional both ->
          Math.max(gateColumns(both.forward()), gateColumns(both.backward()));
      case Frozen frozen -> gateColumns(frozen.layer());
      default -> 0; // has no gates
    };
  }

  /** Returns what counts the steps of samples that are passed over; null if none are. */
  @Nullable IdleSteps idleSteps(ModelSpec spec) {
    Layer first = spec.layers().getFirst();
    if (first instanceof Masking masking) {
      return new MaskedSteps(spec.input(), (float) masking.maskValue());
    }
    Layer bare = first instanceof Frozen frozen ? frozen.layer() : first;
    if (bare instanceof Embedding embedding && embedding.maskZero()) {
      return new MaskedSteps(spec.input(), 0);
    }
    return layers.getFirst().passesOverBlankLead() ? new BlankLead(spec.input()) : null;
  }

  /** Returns where the shards of a training batch meet on their way, first to last. */
  List<Integer> meetings() {
    return IntStream.range(0, layers.size())
        .filter(i -> layers.get(i) instanceof MeetingLayer layer && layer.meets())
        .boxed()
        .toList();
  }

  @Override
  public List<CpuParameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  @Override
  public List<ParameterView> views() {
    return layers.stream().flatMap(layer -> layer.views().stream()).toList();
  }
}
