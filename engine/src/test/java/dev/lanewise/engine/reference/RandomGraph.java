package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Draws a graph: layers of all kinds with options of all kinds, on sequences and vectors of sizes
 * around the widths of vectors, some values read more than once, at times under a mask.
 */
public final class RandomGraph {
  private static final int[] SIZES = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33};
  private static final int MOST_STEPS = 9;
  private static final int MOST_LAYERS = 6;

  private final Random random;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> values = new ArrayList<>();
  private final Set<Value> read = new HashSet<>();
  private boolean masked;

  private RandomGraph(Random random) {
    this.random = random;
  }

  /** Returns the graph of a seed: of those that it draws, the first that is not refused. */
  public static GraphConfigurations of(long seed) {
    Random random = new Random(seed);
    while (true) {
      RandomGraph drawn = new RandomGraph(random);
      drawn.draw();
      try {
        return new GraphConfigurations("graph of seed " + seed, drawn.builder.build());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("mask"); // the one rule that goes beyond a layer
      }
    }
  }

  private void draw() {
    Value x = builder.input("x", Shape.of(1 + random.nextInt(MOST_STEPS), size()));
    masked = chance(4);
    if (masked) { // the steps whose features are all below 0
      Value above = builder.apply(new ActivationLayer(Activation.RELU), x);
      x = builder.apply(Dense.of(size()), builder.apply(Masking.ofZeros(), above));
    }
    values.add(x);
    int layers = 1 + random.nextInt(MOST_LAYERS);
    for (int i = 0; i < layers; i++) {
      values.add(next(chance(4) ? any() : values.getLast()));
    }
    values.removeAll(read);
    Value left = values.size() == 1 && !masked ? values.getFirst() : joined();
    builder.output(builder.apply(Dense.of(1 + random.nextInt(4)), left));
  }

  /** Returns what nobody has read yet, side by side. */
  private Value joined() {
    values.replaceAll(
        value -> value.shape().rank() == 1 ? value : builder.apply(SimpleRnn.of(3), value));
    return values.size() == 1
        ? values.getFirst()
        : builder.apply(Concatenate.FEATURES, values.toArray(Value[]::new));
  }

  private boolean chance(int in) {
    return random.nextInt(in) == 0;
  }

  private int size() {
    return SIZES[random.nextInt(SIZES.length)];
  }

  @SafeVarargs
  private <T> T one(T... all) {
    return all[random.nextInt(all.length)];
  }

  private Value any() {
    return values.get(random.nextInt(values.size()));
  }

  private Value next(Value x) {
    read.add(x);
    Layer layer = x.shape().rank() == 2 ? ofSequence(x.shape()) : ofVector();
    return layer instanceof Merge merge ? merged(merge, x) : builder.apply(layer, x);
  }

  /** Returns what a value and another of its shape give. */
  private Value merged(Merge merge, Value x) {
    List<Value> alike = values.stream().filter(y -> y != x && y.shape().equals(x.shape())).toList();
    Value other =
        alike.isEmpty()
            ? builder.apply(Dense.of(x.shape().size(-1), activation()), x)
            : alike.get(random.nextInt(alike.size()));
    read.add(other);
    return builder.apply(merge, x, other);
  }

  private Layer ofVector() {
    return switch (random.nextInt(6)) {
      case 0 -> new RepeatVector(1 + random.nextInt(3));
      case 1 -> one(Pointwise.ADD, Pointwise.MULTIPLY, Pointwise.AVERAGE, Concatenate.FEATURES);
      case 2 -> Dropout.of(0.25);
      case 3 -> new ActivationLayer(activation());
      default -> Dense.of(size(), activation());
    };
  }

  private Layer ofSequence(Shape shape) {
    int steps = shape.size(0);
    return switch (random.nextInt(masked ? 12 : 21)) {
      case 0, 1, 2, 3 -> recurrent(steps);
      case 4 -> {
        Recurrent both = recurrent(steps);
        Bidirectional.Merge merge =
            one(
                Bidirectional.Merge.CONCAT,
                Bidirectional.Merge.SUM,
                Bidirectional.Merge.MUL,
                Bidirectional.Merge.AVE);
        yield Bidirectional.of(both, merge);
      }
      case 5 -> Dense.of(size(), activation());
      case 6 -> new TimeDistributed(Dense.of(size(), activation()));
      case 7 ->
          one(
              Pointwise.ADD,
              Pointwise.SUBTRACT,
              Pointwise.MULTIPLY,
              Pointwise.MAXIMUM,
              Pointwise.AVERAGE,
              Concatenate.FEATURES);
      case 8 -> one(Attention.create(), AdditiveAttention.create(), MultiHeadAttention.of(2, 3));
      case 9 -> one(Dropout.of(0.5), new SpatialDropout(0.25, 1));
      case 10 -> shape.size(1) < 3 ? new LeakyRelu(0.3) : LayerNormalization.withDefaults();
      case 11 -> GlobalAveragePooling1D.withDefaults();
      case 12, 13 -> convolution(steps);
      case 14 -> new MaxPooling1D(Conv1D.of(1, 1 + random.nextInt(steps)).window());
      case 15 -> new AveragePooling1D(Conv1D.of(1, 1 + random.nextInt(steps)).window());
      case 16 -> steps > 1 ? new Cropping1D(1, 0) : new UpSampling1D(2);
      case 17 -> new ZeroPadding1D(random.nextInt(2), random.nextInt(2));
      case 18 -> Permute.turning();
      case 19 -> GlobalMaxPooling1D.withDefaults();
      default -> new Flatten();
    };
  }

  private Layer convolution(int steps) {
    Conv1D layer = Conv1D.of(size(), 1 + random.nextInt(3)).withActivation(activation());
    layer = chance(2) ? layer : layer.withoutBias();
    layer = layer.withPadding(one(Padding.SAME, Padding.CAUSAL));
    return switch (random.nextInt(3)) {
      case 0 -> layer.withStrides(1 + random.nextInt(steps));
      case 1 -> layer.withDilationRate(1 + random.nextInt(3));
      default -> layer;
    };
  }

  /** Smooth ones, mostly, as others have no derivative somewhere. */
  private Activation activation() {
    return one(
        Activation.LINEAR,
        Activation.TANH,
        Activation.SIGMOID,
        Activation.SOFTSIGN,
        Activation.SILU,
        Activation.GELU,
        Activation.ELU,
        Activation.RELU);
  }

  /**
   * A state goes through a gate of tanh up to twice as large a step: after dozens of them (turned
   * features) one rounding changes every digit, and nothing is left to be compared.
   */
  private Recurrent recurrent(int steps) {
    int units = size();
    Activation gate = steps > MOST_STEPS ? Activation.SIGMOID : Activation.TANH;
    Recurrent layer =
        switch (random.nextInt(4)) {
          case 0 -> SimpleRnn.of(units).withActivation(one(Activation.TANH, Activation.SIGMOID));
          case 1 -> Lstm.of(units).withActivation(one(Activation.TANH, Activation.SOFTSIGN));
          case 2 -> Gru.of(units).withRecurrentActivation(one(Activation.SIGMOID, gate));
          default -> Gru.of(units).resettingBefore();
        };
    layer = chance(3) ? layer.with(layer.options().goingBackwards()) : layer;
    layer = chance(5) ? layer.with(layer.options().withoutBias()) : layer;
    layer = chance(5) ? layer.with(layer.options().withZeroOutputForMask(true)) : layer;
    layer = chance(4) ? layer.with(layer.options().withDropout(0.25, 0.25)) : layer;
    return chance(3) ? layer : layer.with(layer.options().returningSequences());
  }
}
