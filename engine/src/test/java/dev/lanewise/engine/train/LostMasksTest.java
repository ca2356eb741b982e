package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stepwise;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which masks attentions of several heads take away from whom, and what then is refused. */
class LostMasksTest {
  private static final MultiHeadAttention HEADS = MultiHeadAttention.of(2, 3);

  /** Returns a graph that makes something of a masked sequence. */
  private static Graph graph(GraphBuilder g, UnaryOperator<Value> wiring) {
    Value x = g.apply(Dense.of(4), g.apply(Masking.ofZeros(), g.input("x", Shape.of(5, 3))));
    g.output(g.apply(Dense.of(2), wiring.apply(x)));
    return g.build();
  }

  private static ModelSpec spec(Graph graph) {
    return new ModelSpec(graph, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
  }

  @Test
  void anAttentionAboveAnotherSeesNoMaskOfWhatBothRead() {
    GraphBuilder g = new GraphBuilder();
    Graph graph = graph(g, x -> g.apply(Gru.of(2), g.apply(HEADS, g.apply(HEADS, x, x), x)));
    assertThat(graph.lostMasks().at(2, 0)).isFalse();
    assertThat(graph.lostMasks().at(3, 0)).isFalse(); // what the first gives
    assertThat(graph.lostMasks().at(3, 1)).isTrue();
    assertThat(graph.lostMasks().ofOutput(graph.outputs().getFirst())).isFalse();
  }

  @Test
  void attentionsBesideEachOtherAreRefused() {
    GraphBuilder g = new GraphBuilder();
    assertThatThrownBy(
            () ->
                graph(
                    g,
                    x ->
                        g.apply(
                            Gru.of(2),
                            g.apply(
                                Concatenate.FEATURES, g.apply(HEADS, x, x), g.apply(HEADS, x, x)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a MultiHeadAttention takes away the mask of what a")
        .hasMessageContaining("which of them comes first is not told");
  }

  @Test
  void aLossWithoutTheMaskThatItWouldHaveIsRefusedAndAnAnswerIsNot() {
    GraphBuilder g = new GraphBuilder();
    Graph graph = graph(g, x -> g.apply(Pointwise.ADD, x, g.apply(HEADS, x, x)));
    assertThat(graph.lostMasks().ofOutput(graph.outputs().getFirst())).isTrue();
    Dataset data = Dataset.of(List.of(Shape.of(5, 3)), new float[60], new float[40], 10);
    try (Plan plan = new CpuBackend().compile(spec(graph), new PlanOptions(4, 1))) {
      assertThatThrownBy(() -> plan.bind(data))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has taken away the mask on its outputs");
    }
    try (Model model = Model.of(graph).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
        Predictor predictor = model.predictor()) {
      float[] answer = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
      predictor.predict(new float[15], answer); // the biases, which begin as zeros
      assertThat(answer).containsOnly(0);
    }
  }

  @Test
  void whatCannotBeDoneIsRefusedByName() {
    GraphBuilder g = new GraphBuilder();
    Graph graph = graph(g, x -> g.apply(HEADS, x, x));
    assertThatThrownBy(() -> Stepwise.of(spec(graph)))
        .hasMessageContaining("(multi_head_attention) needs all steps at once");
    assertThatThrownBy(
            () -> new TimeDistributed(Bidirectional.of(Gru.of(2), Bidirectional.Merge.NONE)))
        .hasMessage("TimeDistributed: Bidirectional gives two values, which is not offered");
  }
}
