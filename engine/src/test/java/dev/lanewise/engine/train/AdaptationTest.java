package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Means and variances that a model takes from data. */
class AdaptationTest {
  private static Model scaled() {
    return Model.sequential(Shape.of(2), Normalization.ofFeatures(), Dense.of(1))
        .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }

  @Test
  void areOfTheInputThatIsReadAndOfTheSamplesOfASlice() {
    List<Shape> inputs = List.of(Shape.of(2), Shape.of(1));
    float[] x = {50, 60, 70, 1, 2, 30, 3, 4, 50};
    Dataset data = Dataset.of(inputs, x, new float[3], 1).slice(1, 3);
    try (Model model =
        Model.graph(
                g -> {
                  var plain = g.apply(Dense.of(2), g.input("plain", inputs.get(0)));
                  var scaled =
                      g.apply(Normalization.ofFeatures(), g.input("scaled", inputs.get(1)));
                  g.output(g.apply(Dense.of(1), g.apply(Concatenate.FEATURES, plain, scaled)));
                })
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      List<float[]> before = model.parameters().values();
      List<float[]> after = model.adapt(data).parameters().values();
      assertThat(after.get(2)).containsExactly(40);
      assertThat(after.get(3)).containsExactly(100);
      for (int other : new int[] {0, 1, 5, 6}) {
        assertThat(after.get(other)).isEqualTo(before.get(other));
      }
    }
  }

  @Test
  void ofBytesAreThoseOfWhatAModelReads() {
    byte[] pixels = {0, (byte) 255, 51, (byte) 255};
    Dataset data = Dataset.ofBytes(Shape.of(2), pixels, new int[2], 1);
    try (Model model = scaled().adapt(data)) {
      assertThat(model.parameters().values().get(0)).containsExactly(0.1f, 1);
      assertThat(model.parameters().values().get(1)[0]).isCloseTo(0.01f, within(1e-8f));
      assertThat(model.parameters().values().get(1)[1]).isZero();
    }
  }

  @Test
  void ofOtherSamplesAreRefused() {
    Dataset wide = Dataset.of(Shape.of(3), new float[6], new float[2], 1);
    try (Model model = scaled()) {
      assertThatThrownBy(() -> model.adapt(wide))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("data: a sample is [3], the model expects [2]");
    }
  }
}
