package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * What a functional model does with values beside its layers: Keras's {@code keras.ops}, and
 * Python's operators. It has no weights and knows no masks: what it gives is unmasked, whatever it
 * reads.
 */
public sealed interface Operation extends Layer
    permits Arithmetic,
        ArrayArithmetic,
        Elements,
        Clip,
        Activated,
        Reduction,
        SoftmaxOver,
        Cumsum,
        Joined,
        GetItem,
        OneHot {
  @Override
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  /** There is nothing to freeze. */
  @Override
  default Layer frozen() {
    return this;
  }
}
