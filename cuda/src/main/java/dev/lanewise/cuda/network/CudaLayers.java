package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaActivation;
import dev.lanewise.cuda.layer.CudaBatchNormalization;
import dev.lanewise.cuda.layer.CudaConvolution;
import dev.lanewise.cuda.layer.CudaDense;
import dev.lanewise.cuda.layer.CudaDropout;
import dev.lanewise.cuda.layer.CudaEmbedding;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaLine;
import dev.lanewise.cuda.layer.CudaMaskedMean;
import dev.lanewise.cuda.layer.CudaMasking;
import dev.lanewise.cuda.layer.CudaNoise;
import dev.lanewise.cuda.layer.CudaNormalization;
import dev.lanewise.cuda.layer.CudaPermute;
import dev.lanewise.cuda.layer.CudaPicked;
import dev.lanewise.cuda.layer.CudaPooling;
import dev.lanewise.cuda.layer.CudaPooling.Kind;
import dev.lanewise.cuda.layer.CudaPrelu;
import dev.lanewise.cuda.layer.CudaRelu;
import dev.lanewise.cuda.layer.CudaRepeat;
import dev.lanewise.cuda.layer.CudaReshape;
import dev.lanewise.cuda.layer.CudaSoftmaxOver;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.CudaTimeDistributed;
import dev.lanewise.cuda.layer.CudaVectorNormalization;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.recurrent.CudaBidirectional;
import dev.lanewise.cuda.recurrent.CudaWalks;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Conv3D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** The kernels' side of each kind of layer. */
final class CudaLayers {
  private CudaLayers() {}

  /** Returns a layer at each step, which may be one that reads several values. */
  static CudaLayer eachStep(
      LayerMemory memory, TimeDistributed each, List<Shape> inputs, List<CudaSource> below) {
    Layer whole = each.ofWhole(inputs);
    List<Shape> parts = TimeDistributed.parts(inputs);
    return whole != null
        ? unmasked(memory, whole, inputs, below)
        : new CudaTimeDistributed(
            memory,
            each,
            inputs,
            below,
            (steps, apart) -> unmasked(steps, each.layer(), parts, apart));
  }

  /** Returns a layer that heeds no masks but those that its memory knows. */
  private static CudaLayer unmasked(
      LayerMemory memory, Layer layer, List<Shape> inputs, List<CudaSource> below) {
    return switch (layer) {
      case Merge merge -> CudaMerges.of(memory, merge, inputs, below, place -> 0);
      case Operation operation -> CudaOperations.of(memory, operation, inputs, below, false);
      case TimeDistributed each -> eachStep(memory, each, inputs, below);
      default -> of(memory, layer, inputs.getFirst(), below.getFirst(), false); // reads one
    };
  }

  /**
   * Builds a layer.
   *
   * @param input the shape of one sample's input
   * @param below what it reads
   * @param logits whether it leaves its last function to the loss
   */
  static CudaLayer of(
      LayerMemory memory, Layer layer, Shape input, CudaSource below, boolean logits) {
    return switch (layer) {
      case Frozen frozen -> of(memory, frozen.layer(), input, below, logits); // learns nothing
      case Recurrent walk -> CudaWalks.of(memory, walk, input, List.of(below));
      case Bidirectional both -> new CudaBidirectional(memory, both, input, List.of(below));
      case Embedding table -> new CudaEmbedding(memory, table, input, below);
      case Masking masking -> new CudaMasking(memory, masking, input, below);
      case Dense dense -> new CudaDense(memory, dense, input, below, logits);
      case TimeDistributed each -> eachStep(memory, each, List.of(input), List.of(below));
      case ActivationLayer function ->
          new CudaActivation(memory, function.activation(), input, below, logits);
      case LeakyRelu leaky -> CudaLine.of(memory, leaky, input, below);
      case Rescaling rescaling -> CudaLine.of(memory, rescaling, input, below);
      case Dropout dropout ->
          new CudaDropout(memory, dropout.rate(), dropout.sameAtAllPositions(), input, below);
      case SpatialDropout dropout -> new CudaDropout(memory, dropout.rate(), true, input, below);
      case Flatten _, Reshape _ -> new CudaReshape(memory, input, layer.outputShape(input), below);
      case Softmax softmax when softmax.ofFeatures(input) ->
          new CudaActivation(memory, Activation.SOFTMAX, input, below, false);
      case Softmax softmax -> new CudaSoftmaxOver(memory, softmax.axis(input), input, below);
      case Rowwise rowwise -> rowwise(memory, rowwise, input, below);
      case Permute permute when !permute.turns() -> new CudaReshape(memory, input, input, below);
      case Permute permute -> new CudaPermute(memory, permute, input, below);
      case ZeroPadding1D padding -> CudaPicked.of(memory, padding, input, below);
      case Cropping1D cropping -> CudaPicked.of(memory, cropping, input, below);
      case UpSampling1D sampling -> CudaPicked.of(memory, sampling, input, below);
      case Relocation picture -> CudaPicked.of(memory, picture, input, below);
      case Normalization norm -> new CudaNormalization(memory, norm, input, below);
      case BatchNormalization norm -> new CudaBatchNormalization(memory, norm, input, below);
      case LayerNormalization norm -> CudaVectorNormalization.of(memory, norm, input, below);
      case MaxPooling1D max -> new CudaPooling(memory, Kind.MAX, max.windows(input), input, below);
      case AveragePooling1D mean ->
          new CudaPooling(memory, Kind.AVERAGE, mean.windows(input), input, below);
      case GlobalMaxPooling1D _ ->
          new CudaPooling(memory, Kind.GLOBAL_MAX, allSteps(input), input, below);
      case GlobalAveragePooling1D _ when memory.mask() != 0 ->
          new CudaMaskedMean(memory, input, below);
      case GlobalAveragePooling1D _ ->
          new CudaPooling(memory, Kind.AVERAGE, allSteps(input), input, below);
      case GlobalGridPooling pooling ->
          new CudaPooling(
              memory,
              pooling.kind() == GridPooling.Kind.MAX ? Kind.GLOBAL_MAX : Kind.AVERAGE,
              allSteps(input),
              input,
              below);
      case GridPooling pooling -> pooling(memory, pooling, input, below);
      case Conv1D windows -> CudaConvolution.of(memory, windows, input, below, logits);
      case Conv2D windows -> CudaConvolution.of(memory, windows, input, below, logits);
      case SparseConvolution windows -> CudaConvolution.of(memory, windows, input, below, logits);
      case RepeatVector _ -> new CudaRepeat(memory, layer.outputShape(input), below);
      case GroupNormalization _, Conv3D _ ->
          throw new IllegalStateException(layer + " has no kernels: CudaSupport");
      case Merge _, Operation _ ->
          throw new IllegalStateException(layer + " is of the graph, which builds it");
    };
  }

  private static CudaLayer rowwise(
      LayerMemory memory, Rowwise layer, Shape input, CudaSource below) {
    return switch (layer) {
      case Relu relu -> new CudaRelu(memory, relu, input, below);
      case Elu _, ActivityRegularization _ ->
          throw new IllegalStateException(layer + " has no kernels: CudaSupport");
      case Prelu learnt -> new CudaPrelu(memory, learnt, input, below);
      case UnitNormalization _ -> CudaVectorNormalization.ofLength(memory, input, below);
      case RmsNormalization norm -> CudaVectorNormalization.of(memory, norm, input, below);
      case Noise noise -> new CudaNoise(memory, noise, input, below);
    };
  }

  private static SlidingWindow.Windows allSteps(Shape input) {
    return SlidingWindow.of(input.positions()).over("pooling", input.positions());
  }

  private static CudaLayer pooling(
      LayerMemory memory, GridPooling layer, Shape input, CudaSource below) {
    if (!(layer.places(input) instanceof PictureWindow.Places places)) {
      throw new IllegalStateException(layer + " is refused before");
    }
    Kind kind = layer.kind() == GridPooling.Kind.MAX ? Kind.MAX : Kind.AVERAGE;
    return new CudaPooling(memory, kind, places.rows(), places.columns(), input, below);
  }
}
