package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A layer whose weights training leaves as they are, Keras's {@code trainable=False}: no gradient
 * by them is computed, no optimizer keeps anything of them, and no penalty on them counts. The
 * gradient by its inputs passes through to the layers below; what it drops in training, it still
 * drops.
 *
 * @param layer what it is but for that
 */
public record Frozen(Layer layer) implements Layer {
  /**
   * Validates the layer.
   *
   * @throws IllegalArgumentException if it is frozen already
   */
  public Frozen {
    Objects.requireNonNull(layer, "Frozen: layer");
    if (layer instanceof Frozen) {
      throw new IllegalArgumentException("Frozen: the layer is frozen already");
    }
  }

  @Override
  public Layer frozen() {
    return this;
  }

  @Override
  public Layer unfrozen() {
    return layer;
  }

  @Override
  public boolean trainable() {
    return false;
  }

  @Override
  public Activation outputActivation() {
    return layer.outputActivation();
  }

  @Override
  public String className() {
    return layer.className();
  }

  @Override
  public String kerasName() {
    return layer.kerasName();
  }

  @Override
  public Shape outputShape(Shape input) {
    return layer.outputShape(input);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return layer.outputShapes(inputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return parameters(List.of(input));
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    return layer.parameters(inputs).stream().map(ParameterSpec::frozen).toList();
  }
}
