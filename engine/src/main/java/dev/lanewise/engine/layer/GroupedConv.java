package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The convolution of groups of features by themselves, Keras's {@code Conv1D}, {@code Conv2D} and
 * {@code Conv3D} with {@code groups}: the filters, too, are so many groups, each of which sees one
 * of the features'.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[the window's sizes, in / groups, filters]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs and outputs.
 *
 * @param filters the width of the output, 1 to 2^24
 * @param groups how many, of which filters and features are multiples
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record GroupedConv(
    int filters,
    int groups,
    Window window,
    Activation activation,
    boolean useBias,
    ParameterRules rules)
    implements SparseConvolution, Ruled<GroupedConv> {

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range, or filters are no multiple
   */
  public GroupedConv {
    Objects.requireNonNull(window, "GroupedConv: window");
    Objects.requireNonNull(activation, "GroupedConv: activation");
    Objects.requireNonNull(rules, "GroupedConv: rules");
    String name = className(window);
    Units.check(name, filters);
    Units.check(name, groups);
    if (filters % groups != 0) {
      throw new IllegalArgumentException(
          name + ": filters must be a multiple of groups, found " + filters + " and " + groups);
    }
  }

  @Override
  public GroupedConv withRules(ParameterRules others) {
    return new GroupedConv(filters, groups, window, activation, useBias, others);
  }

  @Override
  public Shape outputShape(Shape input) {
    Window.requireAxes(className(), window.axes().size(), input);
    int features = input.size(-1);
    if (features % groups != 0) {
      throw new IllegalArgumentException(
          className()
              + ": features must be a multiple of groups, found "
              + features
              + " and "
              + groups);
    }
    SparseConvolution.requireKernel(className(), window.positions(), features / groups, filters);
    return places(input).shape(filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return rules.arrays(
        window.kernelShape(input.size(-1) / groups, filters), useBias, Shape.of(filters));
  }

  @Override
  public String className() {
    return className(window);
  }

  private static String className(Window window) {
    return "Conv" + window.axes().size() + "D";
  }

  @Override
  public String kerasName() {
    return "conv" + window.axes().size() + "d";
  }
}
