package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/** LSTMs whose sums are convolutions, over sequences and pictures at each step. */
final class ConvLstmConfigurations {
  private ConvLstmConfigurations() {}

  static Stream<Configurations> all() {
    return Stream.of(widths(), windows(), options()).flatMap(each -> each);
  }

  private static Configurations of(String name, Shape input, Layer... stack) {
    return new Configurations(name, input, List.of(stack), Loss.MEAN_SQUARED_ERROR);
  }

  private static Stream<Configurations> widths() {
    return Stream.of(1, 15, 16, 17)
        .flatMap(
            filters ->
                Stream.of(1, 3)
                    .map(
                        steps ->
                            of(
                                filters + " filters, steps " + steps,
                                Shape.of(steps, 4, 2),
                                Dense.of(3),
                                ConvLstm.of(filters, SlidingWindow.of(3)))));
  }

  private static Stream<Configurations> windows() {
    PictureWindow high = new PictureWindow(SlidingWindow.of(3), SlidingWindow.of(2));
    Stream<Window> ofSequences =
        Stream.of(
                SlidingWindow.of(1),
                SlidingWindow.of(4),
                SlidingWindow.of(2).withStrides(3),
                SlidingWindow.of(3).withDilationRate(2))
            .flatMap(w -> Stream.of(w, w.withPadding(Padding.SAME)));
    Stream<Window> ofPictures =
        Stream.of(PictureWindow.of(1), high, high.withStrides(1, 2), high.withStrides(2, 1))
            .flatMap(w -> Stream.of(w, w.withPadding(Padding.SAME)));
    return Stream.concat(
        ofSequences.map(w -> of("over sequences, " + w, Shape.of(3, 7, 2), dense(), last(w))),
        ofPictures.map(w -> of("over pictures, " + w, Shape.of(3, 4, 3, 2), dense(), last(w))));
  }

  private static Layer dense() {
    return Dense.of(3); // so that the way back is asked for
  }

  private static ConvLstm last(Window window) {
    return ConvLstm.of(5, window);
  }

  private static Stream<Configurations> options() {
    Shape input = Shape.of(4, 5, 2);
    SlidingWindow same = SlidingWindow.of(3).withPadding(Padding.SAME);
    ConvLstm all = ConvLstm.of(4, same).returningSequences();
    return Stream.of(
        of("first, last state", input, ConvLstm.of(6, same)),
        of("first, all states", input, all),
        of("from the end", input, dense(), all.goingBackwards()),
        of("from the end, last state", input, dense(), ConvLstm.of(3, same).goingBackwards()),
        of("without bias", input, dense(), all.withoutBias()),
        of("forget gate begins at zero", input, dense(), all.withoutUnitForgetBias()),
        of("hard sigmoid", input, all.withRecurrentActivation(Activation.HARD_SIGMOID)),
        of(
            "where derivatives need sums",
            input,
            dense(),
            all.withActivation(Activation.SILU).withRecurrentActivation(Activation.SOFTPLUS)),
        of(
            "two, and a dense layer",
            Shape.of(3, 4, 3, 2),
            ConvLstm.of(4, PictureWindow.of(2).withPadding(Padding.SAME)).returningSequences(),
            ConvLstm.of(3, PictureWindow.of(2)),
            new Flatten(),
            Dense.of(2)),
        of(
            "below an lstm",
            Shape.of(4, 5, 2),
            ConvLstm.of(3, same).returningSequences(),
            new Reshape(List.of(4, 15)),
            Lstm.of(5),
            Dense.of(2)));
  }
}
