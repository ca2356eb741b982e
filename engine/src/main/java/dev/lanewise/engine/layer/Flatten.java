package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Makes one vector of a sample, the last size first: [steps, features] becomes [steps * features].
 */
public record Flatten() implements Layer {
  @Override
  public String className() {
    return "Flatten";
  }

  @Override
  public String kerasName() {
    return "flatten";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(Math.toIntExact(input.elementCount()));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
