package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * A layer that makes of each vector of the last size another of the same size, by itself: of a step
 * as of a whole sequence, and whatever a mask says. Two can be told to look further: a {@link
 * Prelu} may know its steps, and a {@link UnitNormalization} may be along them.
 */
public sealed interface Rowwise extends Layer
    permits Relu, Elu, Prelu, UnitNormalization, RmsNormalization, Noise, ActivityRegularization {
  @Override
  default Shape outputShape(Shape input) {
    return input;
  }

  @Override
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
