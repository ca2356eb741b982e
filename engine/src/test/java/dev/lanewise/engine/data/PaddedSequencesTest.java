package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.data.Padding.Side;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Keras's {@code pad_sequences} gives. */
class PaddedSequencesTest {
  private static final List<float[]> TOKENS =
      List.of(new float[] {1, 2, 3, 4}, new float[] {5}, new float[0], new float[] {6, 7});

  private static float[] padded(Padding how) {
    return PaddedSequences.ofTokens(TOKENS, how).values();
  }

  @Test
  void zerosStandInFrontByDefault() {
    PaddedSequences made = PaddedSequences.ofTokens(TOKENS, Padding.DEFAULT);
    assertThat(made.shape()).isEqualTo(Shape.of(4));
    assertThat(made.values()).containsExactly(1, 2, 3, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 6, 7);
  }

  @Test
  void bothEndsMayBePaddedAndCut() {
    Padding two = Padding.DEFAULT.to(2).with(-1);
    assertThat(padded(two)).containsExactly(3, 4, -1, 5, -1, -1, 6, 7);
    assertThat(padded(two.at(Side.POST))).containsExactly(3, 4, 5, -1, -1, -1, 6, 7);
    assertThat(padded(two.truncatedAt(Side.POST))).containsExactly(1, 2, -1, 5, -1, -1, 6, 7);
    assertThat(padded(two.at(Side.POST).to(5)))
        .containsExactly(1, 2, 3, 4, -1, 5, -1, -1, -1, -1, -1, -1, -1, -1, -1, 6, 7, -1, -1, -1);
  }

  @Test
  void stepsOfSeveralFeaturesComeAsListsOrWithLengths() {
    PaddedSequences listed =
        PaddedSequences.of(
            List.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}, new float[][] {{7, 8}}),
            Padding.DEFAULT.to(2).at(Side.POST));
    assertThat(listed.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(listed.values()).containsExactly(3, 4, 5, 6, 7, 8, 0, 0);
    PaddedSequences counted =
        PaddedSequences.of(
            new float[] {1, 2, 3, 4, 5, 6, 7, 8},
            new int[] {3, 1},
            2,
            Padding.DEFAULT.to(2).at(Side.POST));
    assertThat(counted.values()).containsExactly(listed.values());
  }

  /** An answer does not depend on how much was put in. */
  @Test
  void maskingHeedsWhatWasPutIn() {
    float[][] own = {{0.5f, 2}, {-1, 0}};
    try (Model model =
        Model.sequential(Shape.of(4, 2), new Masking(-9), Gru.of(3), Dense.of(1))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      Padding padding = Padding.DEFAULT.to(4).with(-9);
      float front = answer(model, own, padding);
      float behind = answer(model, own, padding.at(Side.POST));
      assertThat(behind).isCloseTo(front, offset(1e-6f));
      assertThat(answer(model, own, padding.with(-8))).isNotCloseTo(front, offset(1e-3f));
    }
  }

  private static float answer(Model model, float[][] sequence, Padding how) {
    PaddedSequences made = PaddedSequences.of(List.<float[][]>of(sequence), how);
    return model.predict(Dataset.of(made.shape(), made.values(), new float[1], 1), 1)[0];
  }

  @Test
  void whatMakesNoSequencesIsRefused() {
    assertThatThrownBy(() -> PaddedSequences.ofTokens(List.of(new float[0]), Padding.DEFAULT))
        .hasMessageContaining("at least one is needed");
    assertThatThrownBy(
            () ->
                PaddedSequences.of(
                    List.<float[][]>of(new float[][] {{1, 2}, {3}}), Padding.DEFAULT))
        .hasMessageContaining("sequence 0: a step has 1 values, the first of all has 2");
    assertThatThrownBy(() -> PaddedSequences.of(new float[4], new int[] {1, 2}, 2, Padding.DEFAULT))
        .hasMessageContaining("lengths make 3 steps of 2 values");
    assertThatThrownBy(
            () -> PaddedSequences.of(new float[4], new int[] {3, -1}, 2, Padding.DEFAULT))
        .hasMessageContaining("sequence 1: its length must be at least 0");
    assertThatThrownBy(() -> Padding.DEFAULT.to(-1)).hasMessageContaining("maxlen");
    assertThatThrownBy(() -> Padding.DEFAULT.with(Float.NaN)).hasMessageContaining("value");
  }
}
