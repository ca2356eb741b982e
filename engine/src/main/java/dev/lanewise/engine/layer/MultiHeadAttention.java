package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Attention of several heads (Vaswani et al. 2017), Keras's {@code MultiHeadAttention}, of a query
 * [Tq, Q], a value [Tv, V] and, if it is not the value, a key [Tv, K]. Each head has products of
 * its own with them, q = query * query_kernel_h + query_bias_h and so on, and gives
 *
 * <pre>
 *   y_h = softmax(q k' / sqrt(keyDim)) * v, over the value's steps
 *   y   = sum_h y_h * attention_output_kernel_h + attention_output_bias
 * </pre>
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>query/kernel</td><td>[Q, heads, keyDim]</td><td>Glorot uniform</td></tr>
 *   <tr><td>query/bias</td><td>[heads, keyDim]</td><td>zeros; absent unless {@code useBias}, as all of them</td></tr>
 *   <tr><td>key/kernel, key/bias</td><td>[K, heads, keyDim], [heads, keyDim]</td><td>the same</td></tr>
 *   <tr><td>value/kernel, value/bias</td><td>[V, heads, valueDim], [heads, valueDim]</td><td>the same</td></tr>
 *   <tr><td>attention_output/kernel</td><td>[heads, valueDim, O]</td><td>the same</td></tr>
 *   <tr><td>attention_output/bias</td><td>[O]</td><td>the same</td></tr>
 * </table>
 *
 * <p>O is {@code outputDim}, or as wide as the query.
 *
 * <p>A step of the query takes nothing of a step of value or key that is masked. Where it is masked
 * itself, or there is nothing left, it takes the same of all steps, and nothing at all where there
 * is a dropout or scores are given: so Keras has it. For its backward pass it keeps the softmax.
 *
 * <p>What a step of the query may take can be told by a value, too, Keras's {@code attention_mask}:
 * the last that the layer reads, [Tq, Tv] or [heads, Tq, Tv], each of whose sizes may be 1. It
 * takes nothing where that is 0. No gradient goes back by it.
 *
 * @param heads how many, 1 or more
 * @param keyDim the width of a head's query and key, 1 or more
 * @param valueDim the width of a head's value, 1 or more
 * @param outputDim the width of what comes out, 1 or more; absent where it is the query's
 * @param useBias whether products have biases
 * @param dropout the share of the softmax that is dropped in training, in [0, 1)
 * @param causal whether a step of the query takes no steps of the value behind its own
 * @param attentionMask whether the last value that it reads tells what a step of the query may take
 * @param scoresGiven whether it gives the softmax, too, as it is before any of it is dropped: a
 *     second value, [heads, Tq, Tv]
 * @param rules those for the parameters, the same for all kernels and for all biases
 */
@SuppressWarnings("exports") // of @Nullable
public record MultiHeadAttention(
    int heads,
    int keyDim,
    int valueDim,
    @Nullable Integer outputDim,
    boolean useBias,
    double dropout,
    boolean causal,
    boolean attentionMask,
    boolean scoresGiven,
    ParameterRules rules)
    implements Merge, Ruled<MultiHeadAttention> {
  private static final String NAME = "MultiHeadAttention";

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public MultiHeadAttention {
    Units.check(NAME, heads);
    Units.check(NAME, keyDim, heads);
    Units.check(NAME, valueDim, heads);
    Units.check(NAME, outputDim == null ? 1 : outputDim);
    Dropout.requireRate(NAME, dropout);
    Objects.requireNonNull(rules, "MultiHeadAttention: rules");
  }

  /**
   * {@return a layer with Keras's defaults: values as wide as keys, biases, no dropout}
   *
   * @param heads how many, at least 1
   * @param keyDim the width of a head's queries and keys, at least 1
   */
  public static MultiHeadAttention of(int heads, int keyDim) {
    return new MultiHeadAttention(
        heads, keyDim, keyDim, null, true, 0, false, false, false, ParameterRules.DEFAULT);
  }

  /**
   * {@return this layer with heads whose values have another width}
   *
   * @param other the width of a head's values, at least 1
   */
  public MultiHeadAttention withValueDim(int other) {
    return new MultiHeadAttention(
        heads,
        keyDim,
        other,
        outputDim,
        useBias,
        dropout,
        causal,
        attentionMask,
        scoresGiven,
        rules);
  }

  /**
   * {@return this layer with outputs of another width than the query's}
   *
   * @param other the width of what comes out, at least 1
   */
  public MultiHeadAttention withOutputDim(int other) {
    return new MultiHeadAttention(
        heads,
        keyDim,
        valueDim,
        other,
        useBias,
        dropout,
        causal,
        attentionMask,
        scoresGiven,
        rules);
  }

  /** {@return this layer without biases} */
  public MultiHeadAttention withoutBias() {
    return new MultiHeadAttention(
        heads,
        keyDim,
        valueDim,
        outputDim,
        false,
        dropout,
        causal,
        attentionMask,
        scoresGiven,
        rules);
  }

  /**
   * {@return this layer dropping a share of its softmax in training}
   *
   * @param rate the share that is dropped: at least 0, below 1
   */
  public MultiHeadAttention withDropout(double rate) {
    return new MultiHeadAttention(
        heads,
        keyDim,
        valueDim,
        outputDim,
        useBias,
        rate,
        causal,
        attentionMask,
        scoresGiven,
        rules);
  }

  /** {@return this layer with steps that take nothing of what is behind them} */
  public MultiHeadAttention seeingNothingAhead() {
    return new MultiHeadAttention(
        heads,
        keyDim,
        valueDim,
        outputDim,
        useBias,
        dropout,
        true,
        attentionMask,
        scoresGiven,
        rules);
  }

  /** {@return this layer reading a value more, which tells what a step of the query may take} */
  public MultiHeadAttention withAttentionMask() {
    return new MultiHeadAttention(
        heads, keyDim, valueDim, outputDim, useBias, dropout, causal, true, scoresGiven, rules);
  }

  /** {@return this layer giving its softmax, too: Keras's {@code return_attention_scores}} */
  public MultiHeadAttention givingScores() {
    return new MultiHeadAttention(
        heads, keyDim, valueDim, outputDim, useBias, dropout, causal, attentionMask, true, rules);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape output = mergedShape(inputs);
    return scoresGiven
        ? List.of(output, Shape.of(heads, output.size(0), inputs.get(1).size(0)))
        : List.of(output);
  }

  @Override
  public MultiHeadAttention withRules(ParameterRules others) {
    return new MultiHeadAttention(
        heads,
        keyDim,
        valueDim,
        outputDim,
        useBias,
        dropout,
        causal,
        attentionMask,
        scoresGiven,
        others);
  }

  /**
   * {@return whether a step of the query that may take nothing of any step takes nothing, and not
   * the same of all}
   */
  public boolean mayTakeNothing() {
    return dropout > 0 || scoresGiven;
  }

  /** {@return the widest of the products of all heads side by side} */
  public int widest() {
    return heads * Math.max(keyDim, valueDim);
  }

  /**
   * {@return what it reads but the value that tells what may be taken: query, value and, if it is
   * not the value, key}
   *
   * @param read all that it reads, in order
   * @param <T> what stands for a value
   */
  public <T> List<T> sources(List<T> read) {
    return attentionMask ? read.subList(0, read.size() - 1) : read;
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    int told = attentionMask ? 1 : 0;
    Merge.requireInputs(this, inputs, 2 + told, 3 + told);
    List<Shape> sources = sources(inputs);
    Shape query = sources.getFirst();
    Shape value = sources.get(1);
    Shape key = sources.getLast();
    boolean sequences = sources.stream().allMatch(input -> input.rank() == 2);
    if (!sequences || key.size(0) != value.size(0)) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: takes a query [Tq, Q], a value [Tv, V] and a key [Tv, K] (the value"
              + " unless given), found "
              + sources);
    }
    if (attentionMask && !tells(inputs.getLast(), query.size(0), value.size(0))) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: takes an attention mask of ["
              + query.size(0)
              + ", "
              + value.size(0)
              + "], which may have ["
              + heads
              + "] before it and 1 for each of these sizes, found "
              + inputs.getLast());
    }
    return outputDim == null ? query : query.withLast(outputDim);
  }

  private boolean tells(Shape mask, int rows, int steps) {
    int rank = mask.rank();
    return (rank == 2 || (rank == 3 && isOneOr(heads, mask.size(0))))
        && isOneOr(rows, mask.size(-2))
        && isOneOr(steps, mask.size(-1));
  }

  private static boolean isOneOr(int expected, int size) {
    return size == 1 || size == expected;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return of(List.of(input, input));
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    return of(sources(inputs));
  }

  private List<ParameterSpec> of(List<Shape> sources) {
    int query = sources.getFirst().size(-1);
    List<ParameterSpec> specs = new ArrayList<>();
    addTo(specs, "query", Shape.of(query, heads, keyDim), Shape.of(heads, keyDim));
    addTo(
        specs, "key", Shape.of(sources.getLast().size(-1), heads, keyDim), Shape.of(heads, keyDim));
    int value = sources.get(1).size(-1);
    addTo(specs, "value", Shape.of(value, heads, valueDim), Shape.of(heads, valueDim));
    int output = outputDim == null ? query : outputDim;
    addTo(specs, "attention_output", Shape.of(heads, valueDim, output), Shape.of(output));
    return List.copyOf(specs);
  }

  private void addTo(List<ParameterSpec> specs, String name, Shape kernel, Shape bias) {
    specs.add(rules.kernel().array(name + "/kernel", kernel));
    if (useBias) {
      specs.add(rules.bias().array(name + "/bias", bias));
    }
  }

  @Override
  public String kerasName() {
    return "multi_head_attention";
  }

  @Override
  public String className() {
    return NAME;
  }
}
