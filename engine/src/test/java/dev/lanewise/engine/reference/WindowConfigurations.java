package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Convolutions, poolings and what goes with them, alone and among recurrent layers. */
final class WindowConfigurations {
  private WindowConfigurations() {}

  static Stream<Configurations> all() {
    return Stream.concat(windows(), stacks());
  }

  private static Configurations of(String name, Shape input, Layer... stack) {
    return new Configurations(name, input, List.of(stack), Loss.MEAN_SQUARED_ERROR);
  }

  /** Returns every kind of window over sequences that it fits evenly, unevenly and not at all. */
  private static Stream<Configurations> windows() {
    return Stream.of(
            SlidingWindow.of(1),
            SlidingWindow.of(3),
            SlidingWindow.of(4).withStrides(2),
            SlidingWindow.of(2).withStrides(3),
            SlidingWindow.of(3).withDilationRate(2),
            SlidingWindow.of(2).withDilationRate(5))
        .flatMap(w -> Stream.of(Padding.values()).map(w::withPadding))
        .flatMap(w -> Stream.of(1, 4, 7, 8).flatMap(steps -> layersOf(w, steps)));
  }

  private static Stream<Configurations> layersOf(SlidingWindow window, int steps) {
    int span = (window.size() - 1) * window.dilationRate() + 1;
    if (window.padding() == Padding.VALID && span > steps) {
      return Stream.empty(); // refused
    }
    Shape input = Shape.of(steps, 3);
    Dense below = Dense.of(5); // so that the way back is asked for
    String name = window + " over " + steps;
    Stream<Configurations> convolutions =
        Stream.of(
            of("convolution first, " + name, input, Conv1D.of(17, window)),
            of(
                "convolution, " + name,
                input,
                below,
                Conv1D.of(4, window).withoutBias().withActivation(Activation.SILU)));
    boolean pools = window.padding() != Padding.CAUSAL && window.dilationRate() == 1;
    return pools
        ? Stream.concat(
            convolutions,
            Stream.of(
                of("maxima, " + name, input, below, new MaxPooling1D(window)),
                of("means, " + name, input, below, new AveragePooling1D(window))))
        : convolutions;
  }

  private static Stream<Configurations> stacks() {
    Shape input = Shape.of(9, 3);
    Conv1D causal = Conv1D.of(6, 3).withPadding(Padding.CAUSAL);
    return Stream.of(
        of(
            "convolution, pooling, lstm",
            input,
            Conv1D.of(18, 3).withActivation(Activation.RELU),
            MaxPooling1D.of(2),
            Lstm.of(7),
            Dense.of(2)),
        new Configurations(
            "softmax of a convolution",
            input,
            List.of(Gru.of(5).returningSequences(), causal.withActivation(Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY),
        of(
            "softmax of a convolution in the middle",
            input,
            causal.withActivation(Activation.SOFTMAX),
            Dense.of(2)),
        of(
            "causal, dilated, between recurrent layers",
            input,
            Bidirectional.of(Gru.of(5).returningSequences()),
            causal.withDilationRate(2).withActivation(Activation.TANH),
            Lstm.of(6).returningSequences(),
            AveragePooling1D.of(3).withPadding(Padding.SAME),
            new Flatten(),
            Dense.of(3)),
        of("largest of all", input, Lstm.of(5).returningSequences(), new GlobalMaxPooling1D(false)),
        of(
            "largest of all, ties",
            input,
            Dense.of(17, Activation.RELU6),
            Rescaling.of(40),
            new ActivationLayer(Activation.RELU6),
            GlobalMaxPooling1D.withDefaults(),
            Dense.of(2)),
        of(
            "maxima, ties",
            input,
            Dense.of(17, Activation.RELU6),
            Rescaling.of(40),
            new ActivationLayer(Activation.RELU6),
            MaxPooling1D.of(4).withStrides(1),
            new Flatten(),
            Dense.of(2)),
        of(
            "means of all, kept as a step",
            input,
            Gru.of(5).returningSequences(),
            new GlobalAveragePooling1D(true),
            Lstm.of(3)),
        of("mean of all first", input, GlobalAveragePooling1D.withDefaults(), Dense.of(2)),
        of("largest of all first", input, new GlobalMaxPooling1D(true), Dense.of(2)),
        of("pooling first", input, MaxPooling1D.of(2), AveragePooling1D.of(2), Dense.of(2)),
        of(
            "steps added, left out and repeated",
            input,
            Dense.of(4),
            new ZeroPadding1D(2, 1),
            Gru.of(5).returningSequences(),
            new Cropping1D(1, 3),
            new UpSampling1D(2),
            Lstm.of(4).returningSequences(),
            new UpSampling1D(3),
            Dense.of(2)),
        of("steps added first", input, new ZeroPadding1D(0, 2), new Cropping1D(1, 0), Lstm.of(4)),
        of(
            "turned twice",
            input,
            Permute.turning(),
            Gru.of(4).returningSequences(),
            Permute.turning(),
            new Permute(List.of(1, 2)),
            Lstm.of(3)),
        of(
            "normalized",
            input,
            new Rescaling(0.5, 0.25),
            LayerNormalization.withDefaults(),
            Lstm.of(17).returningSequences(),
            new TimeDistributed(LayerNormalization.of(0.125, false, true)),
            Gru.of(5),
            LayerNormalization.of(0.125, true, false),
            new Rescaling(-2, 1),
            Dense.of(3)),
        of(
            "normalized along steps",
            input,
            Dense.of(17),
            LayerNormalization.of(0.125, true, true).withAxes(1),
            Gru.of(5).returningSequences(),
            new UnitNormalization(List.of(1)),
            Dense.of(4),
            LayerNormalization.of(0.125, true, false).withAxes(1),
            Dense.of(2)),
        of(
            "normalized whole",
            input,
            LayerNormalization.of(0.125, true, true).withAxes(1, 2),
            Dense.of(17),
            LayerNormalization.of(0.25, false, true).withAxes(-1, 1),
            Lstm.of(5).returningSequences(),
            new UnitNormalization(List.of(1, -1)),
            Dense.of(2)),
        of(
            "normalized in groups",
            input,
            Dense.of(18),
            GroupNormalization.of(3).withEpsilon(0.125),
            Gru.of(6).returningSequences(),
            GroupNormalization.of(GroupNormalization.EACH_CHANNEL)
                .withEpsilon(0.125)
                .withoutScale(),
            Dense.of(5),
            GroupNormalization.of(3).withEpsilon(0.125).withAxis(1),
            Dense.of(4),
            GroupNormalization.of(1).withEpsilon(0.125).withoutCenter(),
            Lstm.of(6),
            GroupNormalization.of(2).withEpsilon(0.5)),
        of(
            "as data were",
            input,
            Normalization.of(List.of(0.5, 0.0, -1.0), List.of(0.25, 4.0, 1.0)),
            Lstm.of(5)),
        of(
            "as data were, below and above others",
            input,
            Dense.of(17),
            new Normalization(List.of(1), counted(9, 0.25), counted(9, 0.5), false),
            new Normalization(List.of(1, -1), List.of(2.0), List.of(0.25), true),
            Normalization.of(counted(17, -0.25), counted(17, 0.25)).inverted(),
            Gru.of(4),
            Normalization.of(List.of(1.0), List.of(0.25)),
            Dense.of(2)),
        of(
            "normalized alone",
            Shape.of(6),
            Dense.of(7),
            LayerNormalization.of(0.25, false, false)));
  }

  private static List<Double> counted(int count, double each) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> i * each).toList();
  }
}
