package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Attention with sums (Bahdanau et al. 2015), Keras's {@code AdditiveAttention}, of a query [Tq,
 * F], a value [Tv, V] and, if it is not the value, a key [Tv, F]:
 *
 * <pre>
 *   y = softmax(scores) * value, over the value's steps
 *   scores_ij = sum_f scale_f tanh(query_if + key_jf)
 * </pre>
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>scale</td><td>[F]</td><td>Glorot uniform; absent unless {@code useScale}</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps the softmax.
 *
 * @param useScale whether there is a scale, or else ones
 * @param causal whether a step of the query takes no steps of the value behind its own
 * @param scoresGiven whether it gives the softmax, too: a second value, [Tq, Tv], of masked steps
 *     of the query as of others
 */
public record AdditiveAttention(boolean useScale, boolean causal, boolean scoresGiven)
    implements Merge {
  /**
   * Creates a layer that gives no scores.
   *
   * @param useScale whether there is a scale
   * @param causal whether a step of the query takes no steps of the value behind its own
   */
  public AdditiveAttention(boolean useScale, boolean causal) {
    this(useScale, causal, false);
  }

  /** {@return a layer with Keras's defaults: a scale, all steps} */
  public static AdditiveAttention create() {
    return new AdditiveAttention(true, false);
  }

  /** {@return this layer giving its softmax, too: Keras's {@code return_attention_scores}} */
  public AdditiveAttention givingScores() {
    return new AdditiveAttention(useScale, causal, true);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return Attention.withScores(scoresGiven, mergedShape(inputs), inputs);
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    return Attention.shapeOf(this, inputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return useScale
        ? List.of(
            ParameterRule.of(Initializer.GLOROT_UNIFORM).array("scale", Shape.of(input.size(-1))))
        : List.of();
  }

  @Override
  public String kerasName() {
    return "additive_attention";
  }

  @Override
  public String className() {
    return "AdditiveAttention";
  }
}
