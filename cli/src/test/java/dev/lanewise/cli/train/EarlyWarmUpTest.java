package dev.lanewise.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyWarmUpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "train --epochs 1",
        "train --backend cpu",
        "train --backend auto",
        "train --backend",
        "train --out cuda"
      })
  void beginsBeforeATrainingRunThatMayUseTheCpu(String line) {
    assertThat(EarlyWarmUp.wanted(line.split(" "))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "show", "train --backend cuda", "train --quiet --backend=CUDA --epochs 1"})
  void staysAwayWhereTheCpuIsNotTrainedOn(String line) {
    assertThat(EarlyWarmUp.wanted(line.isEmpty() ? new String[0] : line.split(" "))).isFalse();
  }
}
