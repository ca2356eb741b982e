package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Index;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Pointwise.Operation;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/** Graphs in which masks meet, are told by name, or are not looked at; and slices. */
final class MaskedGraphs {
  private static final int STEPS = 4;

  private MaskedGraphs() {}

  /** Returns a sequence that masks a quarter of its steps, whatever is before them. */
  private static Value masked(GraphBuilder g, Value x, int width) {
    Value steps = g.apply(Masking.ofZeros(), g.apply(new ActivationLayer(Activation.RELU), x));
    return g.apply(Dense.of(width, Activation.TANH), steps);
  }

  private static Value masked(GraphBuilder g, String name, int steps, int width) {
    return masked(g, g.input(name, Shape.of(steps, 2)), width);
  }

  static Stream<GraphConfigurations> all() {
    return Stream.of(merges(), attentions(), states(), named()).flatMap(each -> each);
  }

  private static Stream<GraphConfigurations> merges() {
    return Stream.of(
            Pointwise.ADD,
            Pointwise.SUBTRACT,
            Pointwise.MULTIPLY,
            Pointwise.AVERAGE,
            Pointwise.MAXIMUM,
            Pointwise.MINIMUM,
            Concatenate.FEATURES,
            new Concatenate(1),
            Pointwise.ADD.withRule(MaskRule.KERAS_2),
            Pointwise.SUBTRACT.withRule(MaskRule.KERAS_2),
            Pointwise.MULTIPLY.withRule(MaskRule.KERAS_2),
            Pointwise.AVERAGE.withRule(MaskRule.KERAS_2),
            Pointwise.MAXIMUM.withRule(MaskRule.KERAS_2),
            Pointwise.MINIMUM.withRule(MaskRule.KERAS_2),
            Concatenate.FEATURES.withRule(MaskRule.KERAS_2))
        .flatMap(merge -> Stream.of(0, 1, 2, 3).map(masks -> merged(merge, masks)));
  }

  /** Returns a merge of sequences, of which the bits of {@code masks} tell the masked ones. */
  private static GraphConfigurations merged(Merge merge, int masks) {
    return GraphConfigurations.of(
        merge + " under masks " + masks,
        g -> {
          Value a = g.input("a", Shape.of(STEPS, 2));
          Value b = g.input("b", Shape.of(STEPS, 2));
          Value x = (masks & 1) == 0 ? g.apply(Dense.of(3), a) : masked(g, a, 3);
          Value y = (masks & 2) == 0 ? g.apply(Dense.of(3), b) : masked(g, b, 3);
          boolean two = merge instanceof Pointwise each && each.operation() == Operation.SUBTRACT;
          Value z = two ? g.apply(merge, x, y) : g.apply(merge, x, y, x);
          Value states = flat(g, g.apply(Lstm.of(3).returningSequences(), z));
          g.output(g.apply(Concatenate.FEATURES, states, flat(g, z))); // masked steps too
        });
  }

  /** Masked values end here: a loss heeds what samples alone tell. */
  private static Value flat(GraphBuilder g, Value steps) {
    return g.apply(new Flatten(), steps);
  }

  private static Stream<GraphConfigurations> attentions() {
    return Stream.of(
            Attention.create(),
            new Attention(true, ScoreMode.CONCAT, false),
            AdditiveAttention.create())
        .flatMap(attention -> Stream.of(1, 2, 3).map(masks -> attended(attention, masks)));
  }

  private static GraphConfigurations attended(Merge attention, int masks) {
    return GraphConfigurations.of(
        attention + " under masks " + masks,
        g -> {
          Value q = g.input("q", Shape.of(3, 2));
          Value v = g.input("v", Shape.of(STEPS, 2));
          Value query = (masks & 1) == 0 ? g.apply(Dense.of(5), q) : masked(g, q, 5);
          Value value = (masks & 2) == 0 ? g.apply(Dense.of(5), v) : masked(g, v, 5);
          Value found = g.apply(attention, query, value);
          Value states = flat(g, g.apply(Gru.of(3).returningSequences(), found));
          g.output(g.apply(Concatenate.FEATURES, states, flat(g, found))); // masked steps too
        });
  }

  /** The mask of a decoder that begins with an encoder's states is not looked at, and goes on. */
  private static Stream<GraphConfigurations> states() {
    return Stream.of(
        GraphConfigurations.of(
            "encoder and decoder, both masked",
            g -> {
              List<Value> end = g.applyAll(Lstm.of(5).returningState(), masked(g, "x", 5, 3));
              Value y = masked(g, "y", STEPS, 3);
              Value decoded = g.apply(Lstm.of(5).returningSequences(), y, end.get(1), end.get(2));
              g.output(g.apply(Gru.of(3), decoded));
            }),
        GraphConfigurations.of(
            "both directions from states, masked",
            g -> {
              List<Value> end =
                  g.applyAll(Bidirectional.of(Gru.of(4).returningState()), masked(g, "x", 5, 3));
              Value y = masked(g, "y", STEPS, 3);
              Value decoded =
                  g.apply(
                      Bidirectional.of(Gru.of(4).returningSequences()), y, end.get(1), end.get(2));
              g.output(g.apply(SimpleRnn.of(3), decoded));
            }));
  }

  private static Stream<GraphConfigurations> named() {
    Stream<GraphConfigurations> decoders =
        Stream.of(
                Lstm.of(5).returningSequences(),
                Gru.of(5).returningSequences(),
                SimpleRnn.of(5).returningSequences().withDropout(0.25, 0),
                Gru.of(5).resettingBefore())
            .map(MaskedGraphs::decoder);
    return Stream.concat(
        decoders,
        Stream.of(
            GraphConfigurations.of(
                "attention told other masks",
                g -> {
                  Value q = masked(g, "q", STEPS, 5);
                  Value v = masked(g, "v", STEPS, 5);
                  Value found =
                      g.share(Attention.create())
                          .applyUnder(List.of(GraphBuilder.UNMASKED, q), q, v)
                          .getFirst();
                  g.output(g.apply(SimpleRnn.of(3), found));
                }),
            GraphConfigurations.of(
                "input told a mask, and a layer called again without",
                g -> {
                  Value x = g.input("x", Shape.of(STEPS, 2));
                  Value mask = masked(g, "m", STEPS, 3);
                  GraphBuilder.Shared gru = g.share(Gru.of(3).returningSequences());
                  Value first = gru.applyUnder(List.of(mask), x).getFirst();
                  Value second =
                      gru.applyUnder(List.of(GraphBuilder.UNMASKED), g.apply(Dense.of(2), mask))
                          .getFirst();
                  Value a = g.apply(SimpleRnn.of(2), first);
                  Value b = g.apply(SimpleRnn.of(2), g.apply(Concatenate.FEATURES, second, mask));
                  g.output(g.apply(Pointwise.SUBTRACT, a, b));
                })));
  }

  /** Returns a decoder that begins with states and passes over padding, as it is told to. */
  private static GraphConfigurations decoder(CellLayer cell) {
    return GraphConfigurations.of(
        cell + " from states, told the mask",
        g -> {
          Value y = masked(g, "y", STEPS, 3);
          Value[] read = new Value[1 + cell.states()];
          read[0] = y;
          for (int s = 1; s < read.length; s++) {
            Value before = g.input("state " + s, Shape.of(3));
            read[s] = g.apply(Dense.of(cell.units(), Activation.TANH), before);
          }
          Value decoded = g.share(cell).applyUnder(List.of(y), read).getFirst();
          g.output(
              decoded.shape().rank() == 1
                  ? g.apply(Dense.of(2), decoded)
                  : g.apply(Concatenate.FEATURES, g.apply(Gru.of(3), decoded), flat(g, decoded)));
        });
  }

  /** Slices of an input, and of what another layer gives and others read as well. */
  static Stream<GraphConfigurations> slices() {
    Slice odd = new Slice(1, null, 2);
    return Stream.of(
            GetItem.ofStep(-1),
            new GetItem(List.of(new Index(0))),
            new GetItem(List.of(new Slice(0, 3, null))),
            new GetItem(List.of(Slice.ALL, new Index(1))),
            new GetItem(List.of(odd, new Slice(null, -1, null))),
            new GetItem(List.of(new Slice(null, null, -1), new Slice(-1, null, -2))),
            new GetItem(List.of(new Slice(-3, -1, null), Slice.ALL)),
            new GetItem(List.of(new Index(2), odd)))
        .flatMap(
            item ->
                Stream.of(
                    GraphConfigurations.of(
                        item + " of an input",
                        g -> g.output(last(g, g.apply(item, g.input("x", Shape.of(6, 5)))))),
                    GraphConfigurations.of(
                        item + " of states",
                        g -> {
                          Value x = g.apply(Gru.of(5).returningSequences(), masked(g, "x", 6, 3));
                          Value taken = last(g, g.apply(item, x));
                          g.output(g.apply(Pointwise.ADD, taken, g.apply(Lstm.of(2), x)));
                        })));
  }

  private static Value last(GraphBuilder g, Value value) {
    return value.shape().rank() == 1
        ? g.apply(Dense.of(2), value)
        : g.apply(SimpleRnn.of(2), value);
  }
}
