package dev.lanewise.engine.onnx;

import static dev.lanewise.engine.onnx.OnnxGraphsTest.OTHER;
import static dev.lanewise.engine.onnx.OnnxGraphsTest.SEQUENCE;
import static dev.lanewise.engine.onnx.OnnxGraphsTest.named;
import static dev.lanewise.engine.onnx.OnnxGraphsTest.words;

import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Reshape;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Graphs with attentions of one head and of several, for {@link OnnxGraphsTest}. */
final class AttentionGraphs {
  private AttentionGraphs() {}

  static Stream<Named<Consumer<GraphBuilder>>> all() {
    return Stream.of(Stream.of(false, true).flatMap(AttentionGraphs::attentions), heads(), scores())
        .flatMap(each -> each);
  }

  private static Stream<Named<Consumer<GraphBuilder>>> scores() {
    return Stream.of(
            Attention.create().givingScores(),
            AdditiveAttention.create().givingScores(),
            MultiHeadAttention.of(2, 3).givingScores())
        .flatMap(
            layer ->
                Stream.of(
                    named(layer + " of values", g -> scored(g, layer, g.input("v", SEQUENCE))),
                    named(layer + " under a mask", g -> scored(g, layer, words(g, "v")))));
  }

  private static void scored(GraphBuilder g, Merge layer, Value value) {
    Value query = g.apply(Dense.of(value.shape().size(-1)), g.input("q", OTHER));
    g.share(layer).applyAll(query, value).forEach(g::output);
  }

  private static Stream<Named<Consumer<GraphBuilder>>> attentions(boolean causal) {
    return Stream.of(
            new Attention(false, ScoreMode.DOT, causal),
            new Attention(true, ScoreMode.DOT, causal),
            new Attention(false, ScoreMode.CONCAT, causal),
            new Attention(true, ScoreMode.CONCAT, causal),
            new AdditiveAttention(true, causal),
            new AdditiveAttention(false, causal))
        .flatMap(
            layer ->
                Stream.of(
                    named(layer + " of values", g -> attended(g, layer)),
                    named(layer + " of keys", g -> attendedByKey(g, layer)),
                    named(layer + " under masks", g -> attendedUnderMasks(g, layer))));
  }

  private static Stream<Named<Consumer<GraphBuilder>>> heads() {
    MultiHeadAttention plain = MultiHeadAttention.of(2, 3);
    return Stream.of(
            plain,
            MultiHeadAttention.of(3, 1).withoutBias().withValueDim(4).withOutputDim(5),
            plain.seeingNothingAhead(),
            plain.withDropout(0.25)) // which says what steps take where nothing counts
        .flatMap(
            layer ->
                Stream.of(
                    named(layer + " of values", g -> attended(g, layer)),
                    named(layer + " of keys", g -> attendedByKey(g, layer)),
                    named(layer + " under masks", g -> attendedUnderMasks(g, layer)),
                    named(layer + " twice", g -> attendedTwice(g, layer)),
                    named(layer + " told", g -> attendedAsTold(g, layer, false)),
                    named(layer + " told by head", g -> attendedAsTold(g, layer, true))));
  }

  private static void attendedAsTold(GraphBuilder g, MultiHeadAttention layer, boolean byHead) {
    Value query = g.input("q", OTHER);
    Value values = byHead ? g.input("v", SEQUENCE) : words(g, "v");
    int width = SEQUENCE.size(0);
    Value told = byHead ? ofEachHead(g, layer, query) : g.apply(Dense.of(width), query);
    Value mask = g.apply(Arithmetic.with(Operator.GREATER, 0.1), told);
    g.output(g.apply(layer.withAttentionMask(), query, values, mask));
  }

  private static Value ofEachHead(GraphBuilder g, MultiHeadAttention layer, Value query) {
    int rows = OTHER.size(0);
    int width = SEQUENCE.size(0);
    Value all = g.apply(Dense.of(layer.heads() * rows * width), g.apply(new Flatten(), query));
    return g.apply(Reshape.to(layer.heads(), rows, width), all);
  }

  /** The first takes the masks away, for the second and the last layer. */
  private static void attendedTwice(GraphBuilder g, MultiHeadAttention layer) {
    Value a = words(g, "a");
    Value b = g.apply(Dense.of(4), words(g, "b"));
    Value first = g.apply(layer, a, b);
    g.output(g.apply(layer, a, b, g.apply(Dense.of(2), first)));
  }

  private static void attended(GraphBuilder g, Layer layer) {
    Value query = g.apply(Gru.of(4).returningSequences(), g.input("q", OTHER));
    g.output(g.apply(layer, query, g.input("v", SEQUENCE)));
  }

  private static void attendedByKey(GraphBuilder g, Layer layer) {
    Value values = g.apply(Dense.of(2), g.input("v", SEQUENCE));
    g.output(g.apply(layer, g.input("q", OTHER), values, g.input("k", SEQUENCE)));
  }

  private static void attendedUnderMasks(GraphBuilder g, Layer layer) {
    g.output(g.apply(Dense.of(2), g.apply(layer, words(g, "q"), words(g, "v"))));
  }
}
