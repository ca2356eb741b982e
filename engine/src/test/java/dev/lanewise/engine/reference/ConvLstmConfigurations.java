package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** LSTMs whose sums are convolutions, over sequences and pictures at each step. */
final class ConvLstmConfigurations {
  private ConvLstmConfigurations() {}

  static Stream<Configurations> all() {
    return Stream.of(widths(), windows(), options()).flatMap(each -> each);
  }

  /** Returns layers that give their states, and begin with those of others. */
  static Stream<GraphConfigurations> states() {
    ConvLstm two = ConvLstm.of(3, PictureWindow.of(2).withPadding(Padding.SAME));
    ConvLstm sequences = two.returningSequences().withRecurrentActivation(Activation.SILU);
    return Stream.of(two, dropping(two), sequences, dropping(sequences).goingBackwards())
        .flatMap(
            layer ->
                Stream.of(
                    encoderDecoder(layer.returningState(), layer),
                    encoderDecoder(
                        Bidirectional.of(layer.returningState()), Bidirectional.of(layer))));
  }

  private static GraphConfigurations encoderDecoder(Layer encoder, Layer decoder) {
    return GraphConfigurations.of(
        encoder + ", encoder and decoder",
        g -> {
          Value x = g.apply(Dense.of(3), g.input("x", Shape.of(3, 4, 3, 2)));
          List<Value> end = new ArrayList<>(g.applyAll(encoder, x));
          Value whole = end.set(0, g.input("begun", Shape.of(1, 4, 3, 2)));
          Value begun = g.apply(decoder, end.toArray(Value[]::new));
          Value[] all = {whole, begun, end.getLast()};
          Arrays.setAll(all, i -> g.apply(new Flatten(), all[i]));
          g.output(g.apply(Concatenate.FEATURES, all));
        });
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

  private static ConvLstm dropping(ConvLstm layer) {
    return layer.withDropout(0.25, 0.25);
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
        of("both directions", input, dense(), Bidirectional.of(all)),
        of(
            "both directions, last states, dropping",
            Shape.of(3, 4, 3, 2),
            dense(),
            Bidirectional.of(
                dropping(ConvLstm.of(4, PictureWindow.of(2))), Bidirectional.Merge.AVE)),
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
