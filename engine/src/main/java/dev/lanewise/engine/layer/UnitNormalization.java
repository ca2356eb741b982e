package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Makes each vector of length 1, Keras's {@code UnitNormalization}: y = x min(1 / |x|, 10^12). A
 * vector is what lies along the last axis, or along other axes: along that of the steps, what a
 * feature is at all of them.
 *
 * @param axes along which, the batch's being 0; counted from the last if negative
 */
public record UnitNormalization(List<Integer> axes) implements Rowwise {
  /** Makes the list unmodifiable. */
  public UnitNormalization {
    axes = List.copyOf(axes);
  }

  /** Makes a layer that is along the last axis, as Keras has it by default. */
  public UnitNormalization() {
    this(Axes.LAST);
  }

  /**
   * {@return the axes counted from the batch's, which is 0, in ascending order}
   *
   * @param input the shape of one sample
   */
  public List<Integer> axes(Shape input) {
    return Axes.counted(className(), axes, input);
  }

  /**
   * {@return whether it is along the last axis alone}
   *
   * @param input the shape of one sample
   */
  public boolean ofFeatures(Shape input) {
    return Axes.areLast(className(), axes, input);
  }

  @Override
  public Shape outputShape(Shape input) {
    axes(input);
    return input;
  }

  @Override
  public String className() {
    return "UnitNormalization";
  }

  @Override
  public String kerasName() {
    return "unit_normalization";
  }
}
