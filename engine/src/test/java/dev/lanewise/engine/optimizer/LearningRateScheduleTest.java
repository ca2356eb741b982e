package dev.lanewise.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  @Test
  void constantNeverChanges() {
    LearningRateSchedule schedule = new ConstantLearningRate(0.25);
    assertThat(schedule.at(0)).isEqualTo(0.25);
    assertThat(schedule.at(Long.MAX_VALUE)).isEqualTo(0.25);
  }

  @Test
  void stagesEndWithTheirBoundary() {
    LearningRateSchedule schedule =
        new PiecewiseConstantDecay(List.of(100L, 200L), List.of(0.1, 0.05, 0.01));
    assertThat(schedule.at(0)).isEqualTo(0.1);
    assertThat(schedule.at(100)).isEqualTo(0.1);
    assertThat(schedule.at(101)).isEqualTo(0.05);
    assertThat(schedule.at(200)).isEqualTo(0.05);
    assertThat(schedule.at(201)).isEqualTo(0.01);
    assertThat(schedule.at(1_000_000)).isEqualTo(0.01);
  }

  @Test
  void cosineFallsFromStartToShareAndStaysThere() {
    LearningRateSchedule schedule = new CosineDecay(0.2, 1000, 0.1, null, 0);
    assertThat(schedule.at(0)).isEqualTo(0.2);
    assertThat(schedule.at(500)).isCloseTo(0.2 * (0.9 * 0.5 + 0.1), within(1e-15));
    assertThat(schedule.at(250))
        .isCloseTo(0.2 * (0.9 * (1 + Math.sqrt(0.5)) / 2 + 0.1), within(1e-15));
    assertThat(schedule.at(1000)).isCloseTo(0.02, within(1e-15));
    assertThat(schedule.at(5000)).isEqualTo(schedule.at(1000));
  }

  @Test
  void warmUpRisesStraightToThePeakFromWhichTheCosineFalls() {
    LearningRateSchedule schedule = CosineDecay.of(0.3, 1000).withWarmup(100);
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(50)).isCloseTo(0.15, within(1e-15));
    assertThat(schedule.at(99)).isLessThan(0.3);
    assertThat(schedule.at(100)).isEqualTo(0.3);
    assertThat(schedule.at(600)).isCloseTo(0.15, within(1e-15));
    assertThat(schedule.at(1100)).isCloseTo(0, within(1e-15));
  }

  /** Keras's own numbers, in float32. */
  @Test
  void cosinesFollowOneAnother() {
    LearningRateSchedule twice = CosineDecayRestarts.of(0.01, 10);
    assertAt(twice, 9, 0.0002447175793349743);
    assertAt(twice, 10, 0.009999999776482582);
    assertAt(twice, 29, 6.155818846309558e-05);
    assertAt(twice, 30, 0.009999999776482582);
    assertAt(twice, 1000, 0.0037850989028811455);
    assertAt(twice, 12345, 0.008983824402093887);
    LearningRateSchedule lower = new CosineDecayRestarts(0.2, 7, 1.5, 0.5, 0.1);
    assertAt(lower, 3, 0.13002687692642212);
    assertAt(lower, 17, 0.020502611994743347);
    assertAt(lower, 39, 0.03936850652098656);
    assertAt(lower, 211, 0.020214511081576347);
    LearningRateSchedule alike = new CosineDecayRestarts(0.05, 4, 1, 0.8, 0.25);
    assertAt(alike, 0, 0.05000000074505806);
    assertAt(alike, 12, 0.031700000166893005);
    assertAt(alike, 39, 0.013237090781331062);
    LearningRateSchedule gone = new CosineDecayRestarts(0.1, 3, 3, 0, 0.2);
    assertAt(gone, 1, 0.08000000566244125);
    assertAt(gone, 3, 0.020000001415610313);
  }

  private static void assertAt(LearningRateSchedule schedule, long iteration, double expected) {
    assertThat(schedule.at(iteration)).isCloseTo(expected, within(1e-5 * expected + 1e-9));
  }

  /** Where Keras's logarithm in float32 gives the end of a period once more. */
  @Test
  void cosinesStartAgainWhereAPeriodEndsWithAnUpdate() {
    assertThat(new CosineDecayRestarts(0.5, 100, 1.1, 1, 0).at(210)).isCloseTo(0.5, within(1e-12));
    assertThat(new CosineDecayRestarts(0.5, 10, 1.3, 1, 0).at(23)) // whose sum is rounded up
        .isCloseTo(0.5, within(1e-12));
    assertThat(CosineDecayRestarts.of(0.5, 10).at(81_910)).isEqualTo(0.5);
    assertThat(CosineDecayRestarts.of(0.5, 10).at(81_909)).isLessThan(1e-8);
    assertThat(CosineDecayRestarts.of(0.5, 1).at((1L << 40) - 1)).isEqualTo(0.5);
  }

  @Test
  void exponentialDecayMultiplies() {
    LearningRateSchedule smooth = new ExponentialDecay(0.4, 100, 0.25, false);
    assertThat(smooth.at(0)).isEqualTo(0.4);
    assertThat(smooth.at(50)).isCloseTo(0.2, within(1e-15));
    assertThat(smooth.at(300)).isCloseTo(0.4 / 64, within(1e-15));
    LearningRateSchedule stairs = new ExponentialDecay(0.4, 100, 0.25, true);
    assertThat(stairs.at(99)).isEqualTo(0.4);
    assertThat(stairs.at(100)).isEqualTo(0.1);
    assertThat(stairs.at(299)).isCloseTo(0.025, within(1e-15));
  }

  @Test
  void inverseTimeDecayDivides() {
    LearningRateSchedule smooth = new InverseTimeDecay(0.4, 100, 0.5, false);
    assertThat(smooth.at(0)).isEqualTo(0.4);
    assertThat(smooth.at(50)).isCloseTo(0.4 / 1.25, within(1e-15));
    LearningRateSchedule stairs = new InverseTimeDecay(0.4, 100, 0.5, true);
    assertThat(stairs.at(99)).isEqualTo(0.4);
    assertThat(stairs.at(250)).isCloseTo(0.2, within(1e-15));
  }

  @Test
  void polynomialDecayEndsOrRisesAgain() {
    LearningRateSchedule once = new PolynomialDecay(0.5, 100, 0.1, 2, false);
    assertThat(once.at(0)).isCloseTo(0.5, within(1e-15));
    assertThat(once.at(50)).isCloseTo(0.2, within(1e-15));
    assertThat(once.at(100)).isCloseTo(0.1, within(1e-15));
    assertThat(once.at(5000)).isEqualTo(once.at(100));
    LearningRateSchedule cycles = new PolynomialDecay(0.5, 100, 0.1, 1, true);
    assertThat(cycles.at(0)).isEqualTo(0.5);
    assertThat(cycles.at(100)).isCloseTo(0.1, within(1e-15));
    assertThat(cycles.at(150)).isCloseTo(0.4 * 0.25 + 0.1, within(1e-15));
    assertThat(cycles.at(200)).isCloseTo(0.1, within(1e-15));
    assertThat(cycles.at(225)).isCloseTo(0.4 * 0.25 + 0.1, within(1e-15));
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new ExponentialDecay(0.1, 0, 0.5, false))
        .hasMessageContaining("ExponentialDecay: decaySteps must be at least 1, found 0");
    assertThatThrownBy(() -> new ExponentialDecay(0.1, 1, 0, false))
        .hasMessageContaining("decayRate");
    assertThatThrownBy(() -> new InverseTimeDecay(0.1, 1, -1, false))
        .hasMessageContaining("decayRate");
    assertThatThrownBy(() -> new PolynomialDecay(0.1, 1, 0, 0, false))
        .hasMessageContaining("power");
    assertThatThrownBy(() -> new ConstantLearningRate(-1)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> CosineDecay.of(0.1, 0)).hasMessageContaining("decaySteps");
    assertThatThrownBy(() -> CosineDecay.of(0, 10)).hasMessageContaining("initialLearningRate");
    assertThatThrownBy(() -> new CosineDecay(0.1, 10, 2, null, 0)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> CosineDecay.of(0.1, 10).withWarmup(-1))
        .hasMessageContaining("warmupSteps");
    assertThatThrownBy(() -> new CosineDecayRestarts(0.1, 10, 0.5, 1, 0))
        .hasMessageContaining("CosineDecayRestarts: tMul must be at least 1 and finite, found 0.5");
    assertThatThrownBy(() -> new CosineDecayRestarts(0.1, 10, 2, -1, 0))
        .hasMessageContaining("mMul");
    assertThatThrownBy(() -> new CosineDecayRestarts(0.1, 10, 2, 1, 1.5))
        .hasMessageContaining("CosineDecayRestarts: alpha must be in [0, 1], found 1.5");
    assertThatThrownBy(() -> CosineDecayRestarts.of(0.1, 0)).hasMessageContaining("firstDecay");
    assertThatThrownBy(() -> new PiecewiseConstantDecay(List.of(5L), List.of(0.1)))
        .hasMessageContaining("need 2 values, found 1");
    assertThatThrownBy(() -> new PiecewiseConstantDecay(List.of(5L, 5L), List.of(1.0, 1.0, 1.0)))
        .hasMessageContaining("must rise");
    assertThatThrownBy(() -> new PiecewiseConstantDecay(List.of(), List.of(0.0)))
        .hasMessageContaining("positive");
  }
}
