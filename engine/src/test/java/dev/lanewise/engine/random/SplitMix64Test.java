package dev.lanewise.engine.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SplitMix64Test {
  /** The first outputs of the published algorithm for this seed. */
  @Test
  void givesThePublishedStream() {
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("4593380528125082431");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("16408922859458223821");
  }

  @Test
  void streamsDiffer() {
    long first = SplitMix64.stream(1, 1, 0).nextLong();
    assertThat(SplitMix64.stream(1, 1, 1).nextLong()).isNotEqualTo(first);
    assertThat(SplitMix64.stream(1, 2, 0).nextLong()).isNotEqualTo(first);
    assertThat(SplitMix64.stream(2, 1, 0).nextLong()).isNotEqualTo(first);
  }

  @Test
  void gaussiansHaveMeanZeroAndVarianceOne() {
    SplitMix64 random = new SplitMix64(9);
    double sum = 0;
    double squares = 0;
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      double g = random.nextGaussian();
      sum += g;
      squares += g * g;
    }
    // Four standard errors: 1 / sqrt(n) of the mean, sqrt(2 / n) of the variance.
    assertThat(Math.abs(sum / count)).isLessThan(4 / Math.sqrt(count));
    assertThat(Math.abs(squares / count - 1)).isLessThan(4 * Math.sqrt(2.0 / count));
  }
}
