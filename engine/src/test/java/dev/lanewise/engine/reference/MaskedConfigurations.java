package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Recurrent layers of every kind under a mask, and stacks that pass it on, use it and lose it. */
public final class MaskedConfigurations {
  private static final Shape INPUT = Shape.of(6, 3);
  private static final int PADDINGS = 6;

  private MaskedConfigurations() {}

  /** Returns them all; their inputs are {@link #pad padded}. */
  static Stream<Configurations> all() {
    return Stream.concat(layers(), stacks());
  }

  private static Stream<Configurations> layers() {
    return Stream.of(RecurrentKind.values())
        .flatMap(
            kind ->
                Stream.of(
                        RecurrentOptions.DEFAULTS,
                        RecurrentOptions.DEFAULTS.goingBackwards(),
                        RecurrentOptions.DEFAULTS.withZeroOutputForMask(true),
                        RecurrentOptions.DEFAULTS.returningSequences(),
                        RecurrentOptions.DEFAULTS.returningSequences().goingBackwards(),
                        RecurrentOptions.DEFAULTS.returningSequences().withZeroOutputForMask(true))
                    .map(options -> kind.of(17, Activation.TANH, options)))
        .map(layer -> of("masked " + layer, Loss.MEAN_SQUARED_ERROR, layer));
  }

  private static Stream<Configurations> stacks() {
    Recurrent lstm = Lstm.of(5).returningSequences();
    Recurrent gru = Gru.of(6).resettingBefore().returningSequences();
    Dense softmax = Dense.of(4, Activation.SOFTMAX);
    return Stream.of(
        of("masked loss", Loss.CATEGORICAL_CROSSENTROPY, lstm, softmax),
        of("masked loss of outputs alone", Loss.MEAN_SQUARED_ERROR, Dense.of(2)),
        of(
            "mask through layers of each step",
            Loss.CATEGORICAL_CROSSENTROPY,
            Dense.of(5, Activation.TANH),
            new LeakyRelu(0.2),
            lstm,
            Dropout.of(0.25),
            new SpatialDropout(0.25, 1),
            new ActivationLayer(Activation.TANH),
            gru.with(gru.options().goingBackwards()),
            new TimeDistributed(Dense.of(5)),
            SimpleRnn.of(7).withDropout(0.25, 0.25).returningSequences(),
            softmax),
        of(
            "mask in both directions, every merge",
            Loss.MEAN_SQUARED_ERROR,
            Bidirectional.of(lstm),
            Bidirectional.of(gru, Merge.SUM),
            Bidirectional.of(SimpleRnn.of(4).returningSequences(), Merge.MUL),
            Bidirectional.of(Gru.of(5).returningSequences().withDropout(0.25, 0), Merge.AVE),
            Bidirectional.of(Lstm.of(7))),
        of(
            "mask lost above repeated outputs",
            Loss.MEAN_SQUARED_ERROR,
            lstm,
            new Flatten(),
            Dense.of(3)),
        of(
            "mask lost above zeros",
            Loss.MEAN_SQUARED_ERROR,
            gru.with(gru.options().withZeroOutputForMask(true)),
            Reshape.to(6, 6),
            Gru.of(4)),
        of("mask of computed values", Loss.MEAN_SQUARED_ERROR, lstm, new Masking(0), Gru.of(4)),
        new Configurations(
            "zeros where another value was",
            INPUT,
            List.of(new Masking(-0.75), new Flatten(), Dense.of(3)),
            Loss.MEAN_SQUARED_ERROR),
        new Configurations(
            "mask of another value",
            INPUT,
            List.of(new Masking(-0.75), lstm, softmax),
            Loss.CATEGORICAL_CROSSENTROPY));
  }

  private static Configurations of(String name, Loss loss, Layer... above) {
    List<Layer> stack = Stream.concat(Stream.of(Masking.ofZeros()), Stream.of(above)).toList();
    return new Configurations(name, INPUT, stack, loss);
  }

  /**
   * Masks steps of random samples: of every six none in one, the end, the beginning and the middle
   * of the next three, some here and there, and all.
   */
  static void pad(double[] x, Shape input, double value, Random random) {
    int steps = input.size(0);
    int features = input.size(1);
    for (int n = 0; n < x.length / steps / features; n++) {
      int from = 1 + random.nextInt(steps - 1);
      int to = from + random.nextInt(steps + 1 - from);
      for (int t = 0; t < steps; t++) {
        boolean masked =
            switch (n % PADDINGS) {
              case 1 -> t >= from;
              case 2 -> t < from;
              case 3 -> t >= from && t < to;
              case 4 -> random.nextBoolean();
              case 5 -> true;
              default -> false;
            };
        for (int f = 0; masked && f < features; f++) {
          x[(n * steps + t) * features + f] = value;
        }
      }
    }
  }
}
