package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaActivation;
import dev.lanewise.cuda.layer.CudaDense;
import dev.lanewise.cuda.layer.CudaDropout;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaLayerNormalization;
import dev.lanewise.cuda.layer.CudaLine;
import dev.lanewise.cuda.layer.CudaPooling;
import dev.lanewise.cuda.layer.CudaPooling.Kind;
import dev.lanewise.cuda.layer.CudaRepeat;
import dev.lanewise.cuda.layer.CudaReshape;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.recurrent.CudaBidirectional;
import dev.lanewise.cuda.recurrent.CudaDroppedInput;
import dev.lanewise.cuda.recurrent.CudaRecurrent;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;

/** The kernels' side of each kind of layer. */
final class CudaLayers {
  private CudaLayers() {}

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
      case CellLayer cell when cell.dropout() > 0 -> {
        CudaDropout dropout = new CudaDropout(memory, cell.dropout(), true, input, below);
        yield new CudaDroppedInput(dropout, CudaRecurrent.of(memory, cell, input, dropout, false));
      }
      case CellLayer cell -> CudaRecurrent.of(memory, cell, input, below, false);
      case Bidirectional both -> new CudaBidirectional(memory, both, input, below);
      case Dense dense -> new CudaDense(memory, dense, input, below, logits);
      case TimeDistributed each -> of(memory, each.layer(), input, below, logits);
      case ActivationLayer function ->
          new CudaActivation(memory, function.activation(), input, below, logits);
      case LeakyRelu leaky -> CudaLine.of(memory, leaky, input, below);
      case Rescaling rescaling -> CudaLine.of(memory, rescaling, input, below);
      case Dropout dropout -> new CudaDropout(memory, dropout.rate(), false, input, below);
      case SpatialDropout1D dropout -> new CudaDropout(memory, dropout.rate(), true, input, below);
      case Flatten _, Reshape _ -> new CudaReshape(memory, input, layer.outputShape(input), below);
      case LayerNormalization norm -> new CudaLayerNormalization(memory, norm, input, below);
      case MaxPooling1D max -> new CudaPooling(memory, Kind.MAX, max.windows(input), input, below);
      case AveragePooling1D mean ->
          new CudaPooling(memory, Kind.AVERAGE, mean.windows(input), input, below);
      case GlobalMaxPooling1D _ ->
          new CudaPooling(memory, Kind.GLOBAL_MAX, allSteps(input), input, below);
      case GlobalAveragePooling1D _ ->
          new CudaPooling(memory, Kind.AVERAGE, allSteps(input), input, below);
      case RepeatVector _ -> new CudaRepeat(memory, layer.outputShape(input), below);
      default -> throw new IllegalStateException(layer + " has no kernels and was not refused");
    };
  }

  private static SlidingWindow.Windows allSteps(Shape input) {
    return SlidingWindow.of(input.size(0)).over("pooling", input.size(0));
  }
}
