package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Says which steps of a sequence count, Keras's layer {@code Masking}: a step is masked where every
 * feature is the value, exactly, and its outputs are zero; the others go on as they are.
 *
 * <p>The mask goes with the sequence through layers that act on each step or return sequences.
 * Recurrent layers leave their states as they are at masked steps, and a loss on a masked sequence
 * is the mean over the steps that count.
 *
 * @param maskValue the value, compared in float32
 */
public record Masking(double maskValue) implements Layer {
  /**
   * Validates the value.
   *
   * @throws IllegalArgumentException if it is no finite float32
   */
  public Masking {
    if (!Float.isFinite((float) maskValue)) {
      throw new IllegalArgumentException(
          "Masking: maskValue must be a finite number, found " + maskValue);
    }
  }

  /** {@return a layer with Keras's default: steps of zeros are masked} */
  public static Masking ofZeros() {
    return new Masking(0);
  }

  @Override
  public String className() {
    return "Masking";
  }

  @Override
  public String kerasName() {
    return "masking";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          "Masking: input must be [steps, features], found "
              + input
              + "; there are no steps to mask");
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
