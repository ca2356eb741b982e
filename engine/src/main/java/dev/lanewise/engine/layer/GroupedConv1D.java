package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The convolution over time of groups of features by themselves, Keras's {@code Conv1D} with {@code
 * groups}: the filters, too, are so many groups, each of which sees one of the features'.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[size, in / groups, filters]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
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
public record GroupedConv1D(
    int filters,
    int groups,
    SlidingWindow window,
    Activation activation,
    boolean useBias,
    ParameterRules rules)
    implements Convolution1D, Ruled<GroupedConv1D> {
  private static final String NAME = "Conv1D";

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range, or filters are no multiple
   */
  public GroupedConv1D {
    Units.check(NAME, filters);
    Units.check(NAME, groups);
    Objects.requireNonNull(window, "Conv1D: window");
    Objects.requireNonNull(activation, "Conv1D: activation");
    Objects.requireNonNull(rules, "Conv1D: rules");
    if (filters % groups != 0) {
      throw new IllegalArgumentException(
          "Conv1D: filters must be a multiple of groups, found " + filters + " and " + groups);
    }
  }

  @Override
  public GroupedConv1D withRules(ParameterRules others) {
    return new GroupedConv1D(filters, groups, window, activation, useBias, others);
  }

  @Override
  public Shape outputShape(Shape input) {
    int count = window.over(NAME, Sequences.steps(NAME, input)).count();
    if (input.size(1) % groups != 0) {
      throw new IllegalArgumentException(
          "Conv1D: features must be a multiple of groups, found "
              + input.size(1)
              + " and "
              + groups);
    }
    Convolution1D.requireKernel(NAME, window.size(), input.size(1) / groups, filters);
    return Shape.of(count, filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return rules.arrays(
        Shape.of(window.size(), input.size(-1) / groups, filters), useBias, Shape.of(filters));
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "conv1d";
  }
}
