package dev.lanewise.engine.backend.cpu.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalQuantileTest {
  /** Values of tables of the normal distribution. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0",
    "0.75, 0.674489750",
    "0.9, 1.281551566",
    "0.925, 1.439531471",
    "0.975, 1.959963985",
    "0.999, 3.090232306",
    "0.99999, 4.264890794",
  })
  void tablesAgreeOnBothSides(double p, double expected) {
    assertThat(NormalQuantile.of(p)).isCloseTo(expected, within(5e-7));
    assertThat(NormalQuantile.of(1 - p)).isCloseTo(-expected, within(5e-7));
  }

  @ParameterizedTest
  @CsvSource({"1e-10, -6.361340902", "1e-12, -7.034483825", "1e-20, -9.262340090"})
  void farTailsDoToo(double p, double expected) {
    assertThat(NormalQuantile.of(p)).isCloseTo(expected, within(1e-6));
  }
}
