package dev.lanewise.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializerTest {
  @Test
  void glorotUniformFillsItsRangeEvenly() {
    float[] values = Initializer.GLOROT_UNIFORM.values(Shape.of(28, 150), new SplitMix64(1));
    double limit = Math.sqrt(6.0 / (28 + 150));
    double squares = 0;
    for (float value : values) {
      assertThat((double) value).isBetween(-limit, limit);
      squares += value * value;
    }
    // The variance of a uniform distribution is limit^2 / 3; 4,200 draws give it to a few percent.
    assertThat(squares / values.length / (limit * limit / 3)).isBetween(0.93, 1.07);
  }

  @ParameterizedTest
  @CsvSource({"150, 150", "20, 7", "7, 20", "1, 1"})
  void orthogonalHasOrthonormalVectorsAlongItsShorterSide(int rows, int columns) {
    float[] q = Initializer.ORTHOGONAL.values(Shape.of(rows, columns), new SplitMix64(2));
    boolean tall = rows >= columns;
    int count = Math.min(rows, columns);
    for (int a = 0; a < count; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          dot +=
              tall
                  ? (double) q[i * columns + a] * q[i * columns + b]
                  : (double) q[a * columns + i] * q[b * columns + i];
        }
        assertThat(dot).isCloseTo(a == b ? 1 : 0, org.assertj.core.data.Offset.offset(1e-6));
      }
    }
  }

  @Test
  void zerosAreZero() {
    assertThat(Initializer.ZEROS.values(Shape.of(4), new SplitMix64(1))).containsOnly(0f);
  }

  @Test
  void layersRefuseWhatMakesNoSense() {
    assertThatThrownBy(() -> Dense.of(0)).hasMessageContaining("units").hasMessageContaining("0");
    assertThatThrownBy(() -> SimpleRnn.of((1 << 24) + 1)).hasMessageContaining("16777217");
    assertThatThrownBy(() -> SimpleRnn.of(3).withActivation(Activation.SOFTMAX))
        .hasMessageContaining("softmax");
    assertThatThrownBy(() -> SimpleRnn.of(3).outputShape(Shape.of(4)))
        .hasMessageContaining("[steps, features]");
    assertThatThrownBy(() -> Dense.of(3).outputShape(Shape.of(1, 2, 3)))
        .hasMessageContaining("[1, 2, 3]");
  }
}
