package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FitSettingsTest {
  private static FitSettings of(FitOptions options) {
    return new FitSettings(options, 1, SparkFit.Exchange.TCP, Duration.ZERO, null);
  }

  @Test
  void optionsArriveAsTheyWereGiven() {
    FitOptions options =
        FitOptions.epochs(3).withBatchSize(7).withValidationSplit(0.25).withSeed(5);
    FitOptions all = options.withoutShuffle().withClassWeights(Map.of(1, 2.0));
    assertThat(of(all).options()).isEqualTo(all);
  }

  @Test
  void samplesToValidateOnAreNotSentAlong() {
    Dataset held = Dataset.of(Shape.of(1), new float[] {1}, new float[] {1}, 1);
    assertThatThrownBy(() -> of(FitOptions.epochs(1).withValidationData(held)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("withValidationSplit");
  }
}
