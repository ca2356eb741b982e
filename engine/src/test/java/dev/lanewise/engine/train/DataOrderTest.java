package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataOrderTest {
  @Test
  void eachEpochIsAPermutationOfItsOwn() {
    DataOrder order = new DataOrder(1000, true, 1);
    int[] first = order.ofEpoch(0).clone();
    int[] second = order.ofEpoch(1).clone();
    assertThat(first).containsExactlyInAnyOrder(IntStream.range(0, 1000).toArray());
    assertThat(second).containsExactlyInAnyOrder(first).isNotEqualTo(first);
  }

  @Test
  void anEpochsOrderIsAFunctionOfSeedAndEpoch() {
    int[] fourth = new DataOrder(1000, true, 1).ofEpoch(3);
    assertThat(new DataOrder(1000, true, 1).ofEpoch(3)).isEqualTo(fourth);
    assertThat(new DataOrder(1000, true, 2).ofEpoch(3)).isNotEqualTo(fourth);
  }

  @Test
  void withoutShuffleSamplesKeepTheirOrder() {
    assertThat(new DataOrder(5, false, 1).ofEpoch(2)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void theSplitIsFlooredAsInKeras() {
    FitOptions options = FitOptions.epochs(1).withValidationSplit(0.2);
    assertThat(options.trainingCount(60_000)).isEqualTo(48_000);
    assertThat(options.trainingCount(7)).isEqualTo(5);
    assertThat(options.withValidationSplit(0).trainingCount(7)).isEqualTo(7);
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    FitOptions options = FitOptions.epochs(1);
    assertThatThrownBy(() -> FitOptions.epochs(0))
        .hasMessageContaining("epochs")
        .hasMessageContaining("0");
    assertThatThrownBy(() -> options.withBatchSize(0)).hasMessageContaining("batchSize");
    assertThatThrownBy(() -> options.withValidationSplit(1)).hasMessageContaining("1.0");
    assertThatThrownBy(() -> options.withValidationSplit(Double.NaN)).hasMessageContaining("NaN");
  }
}
