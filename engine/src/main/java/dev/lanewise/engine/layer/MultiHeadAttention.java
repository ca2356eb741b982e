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
 * is a dropout: so Keras has it. For its backward pass it keeps the softmax.
 *
 * @param heads how many, 1 or more
 * @param keyDim the width of a head's query and key, 1 or more
 * @param valueDim the width of a head's value, 1 or more
 * @param outputDim the width of what comes out, 1 or more; absent where it is the query's
 * @param useBias whether products have biases
 * @param dropout the share of the softmax that is dropped in training, in [0, 1)
 * @param causal whether a step of the query takes no steps of the value behind its own
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
        heads, keyDim, keyDim, null, true, 0, false, ParameterRules.DEFAULT);
  }

  /**
   * {@return this layer with heads whose values have another width}
   *
   * @param other the width of a head's values, at least 1
   */
  public MultiHeadAttention withValueDim(int other) {
    return new MultiHeadAttention(heads, keyDim, other, outputDim, useBias, dropout, causal, rules);
  }

  /**
   * {@return this layer with outputs of another width than the query's}
   *
   * @param other the width of what comes out, at least 1
   */
  public MultiHeadAttention withOutputDim(int other) {
    return new MultiHeadAttention(heads, keyDim, valueDim, other, useBias, dropout, causal, rules);
  }

  /** {@return this layer without biases} */
  public MultiHeadAttention withoutBias() {
    return new MultiHeadAttention(
        heads, keyDim, valueDim, outputDim, false, dropout, causal, rules);
  }

  /**
   * {@return this layer dropping a share of its softmax in training}
   *
   * @param rate the share that is dropped: at least 0, below 1
   */
  public MultiHeadAttention withDropout(double rate) {
    return new MultiHeadAttention(heads, keyDim, valueDim, outputDim, useBias, rate, causal, rules);
  }

  /** {@return this layer with steps that take nothing of what is behind them} */
  public MultiHeadAttention seeingNothingAhead() {
    return new MultiHeadAttention(
        heads, keyDim, valueDim, outputDim, useBias, dropout, true, rules);
  }

  @Override
  public MultiHeadAttention withRules(ParameterRules others) {
    return new MultiHeadAttention(
        heads, keyDim, valueDim, outputDim, useBias, dropout, causal, others);
  }

  /** {@return the widest of the products of all heads side by side} */
  public int widest() {
    return heads * Math.max(keyDim, valueDim);
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    Merge.requireInputs(this, inputs, 2, 3);
    Shape value = inputs.get(1);
    Shape key = inputs.getLast();
    boolean sequences = inputs.stream().allMatch(input -> input.rank() == 2);
    if (!sequences || key.size(0) != value.size(0)) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: takes a query [Tq, Q], a value [Tv, V] and a key [Tv, K] (the value"
              + " unless given), found "
              + inputs);
    }
    Shape query = inputs.getFirst();
    return outputDim == null ? query : query.withLast(outputDim);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return parameters(List.of(input, input));
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    int query = inputs.getFirst().size(-1);
    List<ParameterSpec> specs = new ArrayList<>();
    addTo(specs, "query", Shape.of(query, heads, keyDim), Shape.of(heads, keyDim));
    addTo(
        specs, "key", Shape.of(inputs.getLast().size(-1), heads, keyDim), Shape.of(heads, keyDim));
    int value = inputs.get(1).size(-1);
    addTo(specs, "value", Shape.of(value, heads, valueDim), Shape.of(heads, valueDim));
    int output = mergedShape(inputs).size(-1);
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
