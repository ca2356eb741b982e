package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention with dot products (Luong et al. 2015), Keras's {@code Attention}, of a query [Tq, F], a
 * value [Tv, V] and, if it is not the value, a key [Tv, F]:
 *
 * <pre>
 *   y = softmax(scores) * value, over the value's steps
 *   dot:    scores_ij = scale * sum_f query_if key_jf
 *   concat: scores_ij = concat_score_weight * sum_f tanh(scale * (query_if + key_jf))
 * </pre>
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>scale</td><td>[]</td><td>one; absent unless {@code useScale}</td></tr>
 *   <tr><td>concat_score_weight</td><td>[]</td><td>one; of {@code CONCAT} alone</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps the softmax.
 *
 * @param useScale whether there is a scale
 * @param scoreMode how scores are made
 * @param causal whether a step of the query takes no steps of the value behind its own
 * @param scoresGiven whether it gives the softmax, too: a second value, [Tq, Tv], of masked steps
 *     of the query as of others
 */
public record Attention(boolean useScale, ScoreMode scoreMode, boolean causal, boolean scoresGiven)
    implements Merge {
  /** How scores are made. */
  public enum ScoreMode {
    /** Of products. */
    DOT,
    /** Of sums. */
    CONCAT
  }

  /**
   * Creates a layer that gives no scores.
   *
   * @param useScale whether there is a scale
   * @param scoreMode how scores are made
   * @param causal whether a step of the query takes no steps of the value behind its own
   */
  public Attention(boolean useScale, ScoreMode scoreMode, boolean causal) {
    this(useScale, scoreMode, causal, false);
  }

  /** {@return a layer with Keras's defaults: products, without a scale, of all steps} */
  public static Attention create() {
    return new Attention(false, ScoreMode.DOT, false);
  }

  /** {@return this layer giving its softmax, too: Keras's {@code return_attention_scores}} */
  public Attention givingScores() {
    return new Attention(useScale, scoreMode, causal, true);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return withScores(scoresGiven, mergedShape(inputs), inputs);
  }

  /** Returns what an attention gives, and how much of each step of the value goes into it. */
  static List<Shape> withScores(boolean given, Shape output, List<Shape> inputs) {
    return given
        ? List.of(output, Shape.of(output.size(0), inputs.get(1).size(0)))
        : List.of(output);
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    return shapeOf(this, inputs);
  }

  /** Returns the shape of the query's steps and the value's features. */
  static Shape shapeOf(Layer layer, List<Shape> inputs) {
    Merge.requireInputs(layer, inputs, 2, 3);
    Shape query = inputs.get(0);
    Shape value = inputs.get(1);
    Shape key = inputs.getLast();
    boolean sequences = query.rank() == 2 && value.rank() == 2 && key.rank() == 2;
    if (!sequences || query.size(1) != key.size(1) || key.size(0) != value.size(0)) {
      throw new IllegalArgumentException(
          layer.className()
              + ": takes a query [Tq, F], a value [Tv, V] and a key [Tv, F] (the value unless"
              + " given), found "
              + inputs);
    }
    return Shape.of(query.size(0), value.size(1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<ParameterSpec> specs = new ArrayList<>();
    if (useScale) {
      specs.add(ParameterRule.of(Initializer.ONES).array("scale", Shape.of()));
    }
    if (scoreMode == ScoreMode.CONCAT) {
      specs.add(ParameterRule.of(Initializer.ONES).array("concat_score_weight", Shape.of()));
    }
    return List.copyOf(specs);
  }

  @Override
  public String kerasName() {
    return "attention";
  }

  @Override
  public String className() {
    return "Attention";
  }
}
