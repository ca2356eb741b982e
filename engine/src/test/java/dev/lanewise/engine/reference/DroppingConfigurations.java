package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/** Recurrent layers that do without some of their inputs and states, and stacks of them. */
public final class DroppingConfigurations {
  private DroppingConfigurations() {}

  /** Returns every kind of cell with inputs, states and both dropped, and stacks. */
  public static Stream<Configurations> all() {
    return Stream.of(cells(), convolving(), stacks()).flatMap(each -> each);
  }

  private static Stream<Configurations> convolving() {
    PictureWindow window = PictureWindow.of(2).withPadding(Padding.SAME);
    return options()
        .flatMap(
            o ->
                Stream.of(
                    of(
                        "over sequences, " + o,
                        Shape.of(4, 5, 3),
                        Dense.of(6),
                        ConvLstm.of(17, SlidingWindow.of(3)).with(o)),
                    of(
                        "over pictures, " + o,
                        Shape.of(3, 4, 3, 2),
                        Dense.of(3),
                        ConvLstm.of(5, window.withStrides(1, 2)).with(o),
                        Dense.of(2))));
  }

  private static Stream<Configurations> cells() {
    return RecurrentKind.plain().stream()
        .flatMap(
            kind ->
                Stream.of(1, 15, 16, 17)
                    .flatMap(units -> options().map(o -> kind.of(units, Activation.TANH, o))))
        .map(DroppingConfigurations::alone);
  }

  private static Stream<RecurrentOptions> options() {
    RecurrentOptions last = RecurrentOptions.DEFAULTS;
    return Stream.of(last, last.withoutBias(), last.returningSequences().goingBackwards())
        .flatMap(
            o ->
                Stream.of(o.withDropout(0.25, 0), o.withDropout(0, 0.25), o.withDropout(0.5, 0.3)));
  }

  /** A single unit of many inputs saturates, where a float's gradient has few digits left. */
  private static Configurations alone(Recurrent layer) {
    int features = layer.units() == 1 ? 3 : 17;
    return of(layer.toString(), Shape.of(4, features), layer);
  }

  private static Configurations of(String name, Shape input, Layer... stack) {
    return new Configurations(name, input, List.of(stack), Loss.MEAN_SQUARED_ERROR);
  }

  private static Stream<Configurations> stacks() {
    return Stream.of(
        of(
            "features of pictures dropped",
            Shape.of(3, 4, 2),
            Dense.of(17),
            new SpatialDropout(0.25, 2),
            Dense.of(3)),
        of(
            "features of sequences of pictures dropped",
            Shape.of(2, 3, 2, 3),
            Dense.of(5),
            new SpatialDropout(0.25, 3),
            Dense.of(2)),
        of("a single step", Shape.of(1, 3), Lstm.of(5).withDropout(0.3, 0.3), Dense.of(2)),
        of(
            "dropping lstm on lstm",
            Shape.of(6, 33),
            Lstm.of(18).returningSequences().withDropout(0.25, 0.25),
            Lstm.of(20).goingBackwards().withDropout(0.25, 0),
            Dense.of(5)),
        of(
            "dropping gru on gru",
            Shape.of(6, 33),
            Gru.of(18).returningSequences().withDropout(0.25, 0.25),
            Gru.of(20).resettingBefore().returningSequences().withDropout(0.3, 0.2),
            Gru.of(9).goingBackwards().withDropout(0, 0.5),
            Dense.of(5)),
        of(
            "dropping in both directions",
            Shape.of(5, 3),
            Bidirectional.of(Lstm.of(6).returningSequences().withDropout(0.5, 0.25)),
            Bidirectional.of(Gru.of(5).returningSequences().withDropout(0, 0.25), Merge.SUM),
            Bidirectional.of(SimpleRnn.of(4).returningSequences().withDropout(0.25, 0), Merge.MUL),
            Bidirectional.of(
                Gru.of(5).resettingBefore().returningSequences().withDropout(0.25, 0.25),
                Merge.AVE),
            Bidirectional.of(Lstm.of(7).withDropout(0.25, 0))),
        of(
            "dropping in one direction",
            Shape.of(5, 3),
            new Bidirectional(
                Lstm.of(6).withDropout(0.25, 0.25), Gru.of(4).goingBackwards(), Merge.CONCAT),
            Dense.of(2)),
        of(
            "dropping within and between",
            Shape.of(5, 6),
            Dropout.of(0.25),
            SimpleRnn.of(8).returningSequences().withDropout(0.25, 0.25),
            new SpatialDropout(0.25, 1),
            Lstm.of(7).returningSequences(),
            Dropout.of(0.25),
            Gru.of(6).withDropout(0.25, 0.25),
            Dense.of(3)));
  }
}
