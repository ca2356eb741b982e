package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** One layer: forward keeps what backward needs; gradients are added to arrays like the weights. */
interface ReferenceLayer {
  /**
   * Returns a layer with weights in Keras's order, which stay the caller's.
   *
   * @param input the shape of what it reads, or the first of it
   */
  static ReferenceLayer of(Layer layer, List<double[]> weights, Shape input) {
    return switch (layer) {
      case Dense dense -> new ReferenceDense(dense, weights);
      case CellLayer cell -> new ReferenceRecurrent(cell, weights);
      case ConvLstm convolving -> new ReferenceConvLstm(convolving, weights, input);
      case Rnn rnn -> throw new IllegalStateException("the layers of its cells are its reference");
      case Bidirectional both -> {
        int own = weights.size() / 2;
        yield new ReferenceBidirectional(
            both,
            input,
            of(both.forward(), weights.subList(0, own), input),
            of(both.backward(), weights.subList(own, weights.size()), input));
      }
      case TimeDistributed distributed -> of(distributed.layer(), weights, input);
      case ActivationLayer function -> new ReferenceActivationLayer(function.activation());
      case Masking masking -> new ReferenceMasking(masking.maskValue());
      case UnitNormalization unit when !unit.axes().equals(List.of(-1)) ->
          new ReferenceUnitNormalization(unit);
      case Rowwise rowwise -> ReferenceRowwise.of(rowwise, weights);
      case Softmax softmax ->
          softmax.axis() == 1
              ? new ReferenceOperation(new SoftmaxOver(1))
              : new ReferenceActivationLayer(Activation.SOFTMAX);
      case LeakyRelu leaky -> new ReferenceLeakyRelu(leaky.negativeSlope());
      case Dropout dropout ->
          new ReferenceDropout(
              dropout.rate(), dropout.sameAtAllPositions(), dropout.sameForAllFeatures());
      case SpatialDropout dropout -> new ReferenceDropout(dropout.rate(), true, false);
      case Flatten flatten -> new ReferenceReshape(flatten);
      case Reshape reshape -> new ReferenceReshape(reshape);
      case Embedding embedding ->
          new ReferenceEmbedding(embedding.outputDim(), embedding.maskZero(), weights.getFirst());
      case BatchNormalization normalization ->
          throw new IllegalStateException("Keras's values are its reference");
      case Frozen frozen -> of(frozen.layer(), weights, input);
      case RepeatVector repeat -> new ReferenceRepeat(repeat.times());
      case Conv1D convolution -> new ReferenceConv1D(convolution, weights);
      case SparseConvolution convolution -> new ReferenceConvolution(convolution, weights, input);
      case MaxPooling1D pooling -> new ReferencePooling(pooling.window(), true);
      case AveragePooling1D pooling -> new ReferencePooling(pooling.window(), false);
      case GlobalMaxPooling1D pooling -> new ReferenceGlobalMax();
      case GlobalAveragePooling1D pooling -> new ReferenceGlobalAverage();
      case GridConvolution _, GridPooling _, GlobalGridPooling _, Relocation _ ->
          throw new IllegalStateException("Keras's values are its reference");
      case LayerNormalization normalization ->
          ReferenceLayerNormalization.of(normalization, weights);
      case GroupNormalization normalization ->
          ReferenceLayerNormalization.of(normalization, weights);
      case Normalization normalization -> new ReferenceNormalization(normalization);
      case Rescaling rescaling -> new ReferenceRescaling(rescaling);
      case Permute permute ->
          permute.turns() ? new ReferencePermute() : new ReferenceReshape(permute);
      case ZeroPadding1D padding -> new ReferenceSteps(layer, step -> step - padding.before());
      case Cropping1D cropping -> new ReferenceSteps(layer, step -> step + cropping.before());
      case UpSampling1D sampling -> new ReferenceSteps(layer, step -> step / sampling.size());
      case GetItem item -> new ReferenceGetItem(item);
      case Operation operation -> new ReferenceOperation(operation);
      case Merge merge -> ReferenceMerge.of(merge, weights);
    };
  }

  /** Has what is drawn in training be drawn as for this seed, update and layer. */
  default void train(long seed, long update, int index) {}

  /** Has nothing be drawn from the next pass forward on. */
  default void rest() {}

  Signal forward(Signal x);

  Signal backward(Signal dy, List<double[]> gradients);

  /** Returns what it gives of all that it reads. */
  default List<Signal> forward(List<Signal> read) {
    return List.of(forward(read.getFirst()));
  }

  /** Returns the gradients by all that it reads, of those by all that it gives. */
  default List<Signal> backward(List<Signal> given, List<double[]> gradients) {
    return List.of(backward(given.getFirst(), gradients));
  }
}
