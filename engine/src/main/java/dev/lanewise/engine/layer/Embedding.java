package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A vector for each token: [steps] of ids becomes [steps, outputDim], each id's row of a table. Ids
 * are whole numbers from 0 to inputDim - 1; it is the first layer of its model.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>embeddings</td><td>[inputDim, outputDim]</td><td>uniform in [-0.05, 0.05], unless {@code rule} says otherwise</td></tr>
 * </table>
 *
 * <p>What an optimizer squares, and a limit of norms measures, are the gradients of the tokens one
 * by one, as in Keras on TensorFlow: a row that a batch has twice gets g1^2 + g2^2. Where there is
 * a penalty on the table the gradient is one of all rows, and so it is the square of the sum.
 *
 * @param inputDim the rows of the table, 1 to 2^24
 * @param outputDim the width of a row, 1 to 2^24
 * @param rule what holds for the table: a constraint is kept by all of its rows
 * @param maskZero whether id 0 is no token but the padding of a short sequence
 */
public record Embedding(int inputDim, int outputDim, ParameterRule rule, boolean maskZero)
    implements Layer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a size is out of range
   */
  public Embedding {
    check("inputDim", inputDim);
    check("outputDim", outputDim);
    Objects.requireNonNull(rule, "Embedding: rule");
  }

  private static void check(String name, int size) {
    if (size < 1 || size > 1 << 24) {
      throw new IllegalArgumentException(
          "Embedding: " + name + " must be between 1 and " + (1 << 24) + ", found " + size);
    }
  }

  /**
   * {@return a layer with Keras's start values, without a penalty or a mask}
   *
   * @param inputDim how many tokens there are, at least 1
   * @param outputDim the values of a token's vector, at least 1
   */
  public static Embedding of(int inputDim, int outputDim) {
    return new Embedding(inputDim, outputDim, ParameterRule.of(Initializer.RANDOM_UNIFORM), false);
  }

  /**
   * {@return this layer with other start values}
   *
   * @param other the rule that the table begins with
   */
  public Embedding withInitializer(Initializer other) {
    return new Embedding(inputDim, outputDim, rule.withInitializer(other), maskZero);
  }

  /**
   * {@return this layer with another penalty}
   *
   * @param other the penalty on the table
   */
  public Embedding withRegularizer(Regularizer other) {
    return new Embedding(inputDim, outputDim, rule.withRegularizer(other), maskZero);
  }

  /**
   * {@return this layer with another rule that the table keeps}
   *
   * @param other the rule
   */
  public Embedding withConstraint(Constraint other) {
    return new Embedding(inputDim, outputDim, rule.withConstraint(other), maskZero);
  }

  /**
   * {@return the table that a layer is, or does at each step; null if it has none}
   *
   * @param layer the layer
   */
  @SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
  public static @Nullable Embedding in(Layer layer) {
    return switch (layer.unfrozen()) {
      case Embedding table -> table;
      case TimeDistributed distributed -> in(distributed.layer());
      default -> null; // other layers take no ids
    };
  }

  /** Returns how many ids a layer knows, 0 where it takes none. */
  static int rows(Layer layer) {
    if (layer instanceof OneHot each) {
      return each.classes();
    }
    Embedding table = in(layer);
    return table == null ? 0 : table.inputDim();
  }

  /** {@return this layer taking id 0 for padding} */
  public Embedding maskingZero() {
    return new Embedding(inputDim, outputDim, rule, true);
  }

  /** {@return this layer without a mask} */
  public Embedding maskingNothing() {
    return new Embedding(inputDim, outputDim, rule, false);
  }

  @Override
  public String className() {
    return "Embedding";
  }

  @Override
  public String kerasName() {
    return "embedding";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1 && maskZero) {
      throw new IllegalArgumentException(
          "Embedding: with mask_zero input must be [steps], the ids of tokens, found " + input);
    }
    int[] sizes = Arrays.copyOf(input.toArray(), input.rank() + 1);
    sizes[input.rank()] = outputDim;
    return Shape.of(sizes);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(rule.array("embeddings", Shape.of(inputDim, outputDim)));
  }
}
