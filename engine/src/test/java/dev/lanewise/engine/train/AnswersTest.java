package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.SplitOutputs;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a model that learns nothing answers and says of itself. */
class AnswersTest {
  private static Model twoOutputs() {
    return Model.graph(
        g -> {
          var words = g.input("words", Shape.of(4, 2));
          var states = g.apply(Gru.of(3).returningSequences(), words);
          var last = g.apply(Gru.of(2), states);
          g.output(states);
          g.output(g.apply(Dense.of(1), g.apply(Concatenate.FEATURES, last, last)));
        });
  }

  @Test
  void eachOutputHasAnArray() {
    Dataset samples =
        Dataset.of(Shape.of(4, 2), new float[] {1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1});
    try (Model model = twoOutputs()) {
      float[] joined = model.predict(samples, 2);
      List<float[]> each = model.predictEach(samples, 2);
      assertThat(each).hasSize(2);
      assertThat(each.get(0)).hasSize(24).startsWith(joined[0], joined[1]);
      assertThat(each.get(0)[12]).isEqualTo(joined[13]);
      assertThat(each.get(1)).containsExactly(joined[12], joined[25]);
    }
  }

  @Test
  void valuesThatAreNoSamplesAreRefused() {
    List<Shape> shapes = List.of(Shape.of(2), Shape.of(1));
    assertThat(SplitOutputs.of(shapes, new float[] {1, 2, 3}).get(1)).containsExactly(3);
    for (int values : List.of(0, 2, 4)) {
      assertThatThrownBy(() -> SplitOutputs.of(shapes, new float[values]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("outputs: the answer to a sample has 3 values, found " + values);
    }
  }

  @Test
  void samplesWithoutTargetsAreAnsweredAlone() {
    Dataset samples = Dataset.of(Shape.of(2), new float[] {1, 2, 3, 4});
    assertThat(samples).hasToString("2 samples of [2]");
    assertThat(samples.slice(1, 2).size()).isEqualTo(1);
    assertThatThrownBy(samples::hasLabels).hasMessage("data: there are no targets");
    assertThatThrownBy(() -> Dataset.of(Shape.of(2), new float[] {1, Float.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
    try (Model model = SmallRun.model(1)) {
      Dataset images = Dataset.of(model.spec().input(), new float[6 * 9]);
      assertThat(model.predict(images, 1)).hasSize(4);
      assertThatThrownBy(() -> model.evaluate(images, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("data: there are no targets, the model has 1 output");
    }
  }

  @Test
  void aSummaryHasALineALayer() {
    Graph.Input open = new Graph.Input("x", Shape.of(4, 2), true, 0);
    try (Model model = Model.sequential(open, Gru.of(3).returningSequences(), Dense.of(1))) {
      assertThat(model.summary().layers())
          .containsExactly(
              new Summary.Row("gru", "GRU", List.of("x"), "(None, None, 3)", 63),
              new Summary.Row("dense", "Dense", List.of("gru"), "(None, None, 1)", 4));
      assertThat(model.summary().toString().lines())
          .containsExactly(
              "input (None, None, 2)",
              "─".repeat(41),
              "Layer (type)    Output Shape      Param #",
              "─".repeat(41),
              "gru (GRU)       (None, None, 3)        63",
              "dense (Dense)   (None, None, 1)         4",
              "─".repeat(41),
              "parameters: 67 (268 bytes); 67 trainable, 0 not");
    }
  }

  @Test
  void thatOfAGraphSaysWhatIsRead() {
    try (Model model = twoOutputs()) {
      assertThat(model.isCompiled()).isFalse();
      assertThat(model.summary().table())
          .contains("Connected to")
          .containsPattern("concatenate \\(Concatenate\\) +gru_1, gru_1 +\\(None, 4\\) +0\n");
    }
  }
}
