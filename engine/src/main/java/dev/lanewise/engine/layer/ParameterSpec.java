package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * One trainable array of a layer.
 *
 * @param name Keras's name within the layer: kernel, recurrent_kernel or bias
 * @param shape the array's shape, input-major: y = x * kernel + bias
 * @param initializer the rule for its start values
 * @param regularizer the penalty on its size
 */
public record ParameterSpec(
    String name, Shape shape, Initializer initializer, Regularizer regularizer) {}
