package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoresTest {
  // True class 0: three called 0, one called 1; class 1: two called 1; class 2: one called 0.
  private static final Scores SCORES =
      Scores.of(new int[] {0, 0, 0, 0, 1, 1, 2}, new int[] {0, 0, 0, 1, 1, 1, 0}, 4);

  @Test
  void confusionCountsTrueClassesInRows() {
    assertThat(SCORES.matrix())
        .isDeepEqualTo(new int[][] {{3, 1, 0, 0}, {0, 2, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0}});
    assertThat(SCORES.support(0)).isEqualTo(4);
  }

  @Test
  void whatIsTakenForSomethingElseIsListed() {
    assertThat(SCORES.confusions())
        .containsExactly(new Scores.Confusion(0, 1, 1), new Scores.Confusion(2, 0, 1));
    assertThat(SCORES.worst()).containsExactly(2, 0, 1);
  }

  @Test
  void aMillionClassesTakeNoSquareOfThem() {
    Scores scores = Scores.of(new int[] {999_999, 5}, new int[] {7, 5}, 1_000_000);
    assertThat(scores.confusions()).containsExactly(new Scores.Confusion(999_999, 7, 1));
    assertThat(scores.worst()).containsExactly(999_999, 5);
  }

  @Test
  void precisionIsOfWhatWasCalledSo() {
    assertThat(SCORES.precision(0)).isCloseTo(3 / 4.0, within(1e-12));
    assertThat(SCORES.precision(1)).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void recallIsOfWhatIsSo() {
    assertThat(SCORES.recall(0)).isCloseTo(3 / 4.0, within(1e-12));
    assertThat(SCORES.recall(1)).isEqualTo(1);
    assertThat(SCORES.recall(2)).isZero();
  }

  @Test
  void f1IsTheirHarmonicMean() {
    assertThat(SCORES.f1(1)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void classesThatNeverComeHaveScoresOfZero() {
    assertThat(SCORES.precision(3)).isZero();
    assertThat(SCORES.recall(3)).isZero();
    assertThat(SCORES.f1(3)).isZero();
  }
}
