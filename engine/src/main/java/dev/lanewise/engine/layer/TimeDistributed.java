package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A layer at each step of a sequence by itself. A {@link Dense} does that anyway; the wrapper keeps
 * what a file says, and hides a softmax or sigmoid from the loss, as Keras's does.
 *
 * @param layer what acts on each step: [features] becomes [units]
 */
public record TimeDistributed(Layer layer) implements Layer {
  /**
   * Validates the layer.
   *
   * @throws IllegalArgumentException if it does not act on one step
   */
  public TimeDistributed {
    Objects.requireNonNull(layer, "TimeDistributed: layer");
    boolean acts =
        switch (layer) {
          case Dense dense -> true;
          case LayerNormalization normalization -> true;
          case Rescaling rescaling -> true;
          case ActivationLayer activation -> true;
          case LeakyRelu leaky -> true;
          case Dropout dropout -> true;
          case SpatialDropout1D dropout -> false;
          case Recurrent recurrent -> false;
          case Bidirectional bidirectional -> false;
          case Flatten flatten -> false;
          case Reshape reshape -> false;
          case RepeatVector repeat -> false;
          case Conv1D convolution -> false;
          case MaxPooling1D pooling -> false;
          case AveragePooling1D pooling -> false;
          case GlobalMaxPooling1D pooling -> false;
          case GlobalAveragePooling1D pooling -> false;
          case Permute permute -> false;
          case ZeroPadding1D padding -> false;
          case Cropping1D cropping -> false;
          case UpSampling1D sampling -> false;
          case GetItem item -> false;
          case Masking masking -> false;
          case TimeDistributed distributed -> false;
          case Embedding embedding -> false;
          case BatchNormalization normalization -> false;
          case Frozen frozen -> false; // it is the wrapper that is frozen
          case Merge merge -> false;
        };
    if (!acts) {
      throw new IllegalArgumentException(
          "TimeDistributed: layer must act on one step, as Dense does, found " + layer.className());
    }
  }

  @Override
  public String className() {
    return "TimeDistributed";
  }

  @Override
  public String kerasName() {
    return "time_distributed";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          "TimeDistributed: input must be [steps, features], found " + input);
    }
    return Shape.of(input.size(0), layer.outputShape(Shape.of(input.size(1))).size(0));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return layer.parameters(Shape.of(input.size(-1)));
  }
}
