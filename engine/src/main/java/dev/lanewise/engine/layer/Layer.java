package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The description of a layer: its configuration, without parameters or state. A backend compiles it
 * into code and memory.
 */
public sealed interface Layer
    permits Recurrent,
        Bidirectional,
        Dense,
        Conv1D,
        SparseConvolution,
        MaxPooling1D,
        AveragePooling1D,
        GlobalMaxPooling1D,
        GlobalAveragePooling1D,
        GridConvolution,
        GridPooling,
        GlobalGridPooling,
        Relocation,
        LayerNormalization,
        GroupNormalization,
        Rescaling,
        Normalization,
        TimeDistributed,
        ActivationLayer,
        LeakyRelu,
        Softmax,
        Rowwise,
        Masking,
        Dropout,
        SpatialDropout,
        Flatten,
        Reshape,
        RepeatVector,
        Permute,
        ZeroPadding1D,
        Cropping1D,
        UpSampling1D,
        Embedding,
        BatchNormalization,
        Frozen,
        Operation,
        Merge {
  /** {@return Keras's class name in snake case, for example {@code simple_rnn}} */
  String kerasName();

  /** {@return Keras's class name, for example {@code SimpleRNN}} */
  String className();

  /**
   * {@return the function that makes the layer's outputs, as far as a loss may compute it together
   * with itself; linear where there is none}
   */
  default Activation outputActivation() {
    return Activation.LINEAR;
  }

  /**
   * {@return the shape of one sample's output}
   *
   * @param input the shape of one sample's input: [features], [steps, features], or of more sizes
   *     where each step is a sequence or a picture
   * @throws IllegalArgumentException if the layer cannot take that input
   */
  Shape outputShape(Shape input);

  /** {@return whether training changes the layer's weights} */
  default boolean trainable() {
    return true;
  }

  /** {@return this layer with weights that training leaves as they are} */
  default Layer frozen() {
    return new Frozen(this);
  }

  /** {@return this layer as it is when training changes its weights} */
  default Layer unfrozen() {
    return this;
  }

  /**
   * {@return the shapes of what one sample's inputs become}
   *
   * @param inputs the shapes of what the layer reads, in its order
   * @throws IllegalArgumentException if the layer cannot take them
   */
  default List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          className() + ": takes one input, found " + inputs.size() + ": " + inputs);
    }
    return List.of(outputShape(inputs.getFirst()));
  }

  /**
   * {@return the arrays in Keras's order}
   *
   * @param input the shape of one sample's input, the first of several
   */
  List<ParameterSpec> parameters(Shape input);

  /**
   * {@return the arrays in Keras's order}
   *
   * @param inputs the shapes of one sample's inputs
   */
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return parameters(inputs.getFirst());
  }
}
