package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
  private static final Shape TWO = Shape.of(2);

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void valuesThatAreNotFiniteAreNamed(float bad) {
    assertThatThrownBy(() -> Dataset.of(TWO, new float[] {1, 2, 3, bad}, new int[] {0, 1}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("data: feature 1 of sample 1 is " + bad + "; clean the data first");
    assertThatThrownBy(() -> Dataset.of(TWO, new float[2], new float[] {bad}, 1))
        .hasMessageContaining("target 0 of sample 0");
  }

  @Test
  void labelsOutsideTheClassesAreNamed() {
    assertThatThrownBy(() -> Dataset.of(TWO, new float[4], new int[] {0, 3}, 3))
        .hasMessage("data: label 1 is 3, expected 0 to 2");
    assertThatThrownBy(() -> Dataset.ofBytes(TWO, new byte[4], new int[] {0, -1}, 3))
        .hasMessageContaining("label 1 is -1");
  }

  @Test
  void countsThatDisagreeNameBoth() {
    assertThatThrownBy(() -> Dataset.of(TWO, new float[4], new int[] {0, 1, 1}, 2))
        .hasMessage("data: x has 2 samples, y has 3; counts must agree");
    assertThatThrownBy(() -> Dataset.of(TWO, new float[4], new float[3], 1))
        .hasMessageContaining("x has 2 samples");
    assertThatThrownBy(() -> Dataset.of(TWO, new float[3], new int[] {0}, 2))
        .hasMessageContaining("whole samples of [2]");
    assertThatThrownBy(() -> Dataset.of(TWO, new float[0], new int[0], 2))
        .hasMessageContaining("at least one sample");
  }

  @Test
  void slicesShareTheSamples() {
    Dataset data = Dataset.of(TWO, new float[] {1, 2, 3, 4, 5, 6}, new int[] {0, 1, 2}, 3);
    Dataset last = data.slice(1, 3).slice(1, 2);
    assertThat(last.size()).isEqualTo(1);
    assertThat(last.label(0, 0)).isEqualTo(2);
    assertThat(last.floatFeatures()[last.firstSample() * 2]).isEqualTo(5);
    assertThatThrownBy(() -> data.slice(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> data.slice(0, 4)).hasMessageContaining("of 3");
  }
}
