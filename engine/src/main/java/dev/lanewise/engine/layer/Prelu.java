package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The rectifier that learns what it lets through below zero (He et al. 2015), Keras's layer {@code
 * PReLU}: y = x where x is above 0, else alpha x.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>alpha</td><td>the input's shape, 1 along shared axes</td><td>zeros</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs.
 *
 * @param sharedAxes along which axes alpha is the same, the batch's being 0 and none of them
 */
public record Prelu(List<Integer> sharedAxes) implements Rowwise {
  /**
   * Validates the axes.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Prelu {
    sharedAxes = List.copyOf(sharedAxes);
    if (sharedAxes.stream().anyMatch(axis -> axis < 1)) {
      throw new IllegalArgumentException(
          "Prelu: shared axes must be from 1 on, found " + sharedAxes);
    }
  }

  /**
   * {@return the shape of what is learnt}
   *
   * @param input the shape of one sample
   */
  public Shape alpha(Shape input) {
    int[] sizes = input.toArray();
    for (int axis : sharedAxes) {
      if (axis > sizes.length) {
        throw new IllegalArgumentException(
            "PReLU: shared axis " + axis + " is none of [batch], " + input);
      }
      sizes[axis - 1] = 1;
    }
    return Shape.of(sizes);
  }

  @Override
  public Shape outputShape(Shape input) {
    alpha(input);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(ParameterRule.of(Initializer.ZEROS).array("alpha", alpha(input)));
  }

  @Override
  public String className() {
    return "PReLU";
  }

  @Override
  public String kerasName() {
    return "p_re_lu";
  }
}
