package dev.lanewise.engine.backend.cpu.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the table of Abramowitz and Stegun (1964), 7.1, and its own derivative. */
class ErrorFunctionTest {
  @ParameterizedTest
  @CsvSource({
    "0.02, 0.0225645747",
    "0.5, 0.5204998778",
    "1, 0.8427007929",
    "1.98, 0.9948920004",
    "2, 0.9953222650",
    "2.5, 0.9995930480",
    "3.5, 0.9999992569"
  })
  void isThatOfTheTable(double x, double expected) {
    assertThat(ErrorFunction.erf(x)).isEqualTo(expected, within(6e-11));
    assertThat(ErrorFunction.erf(-x)).isEqualTo(-ErrorFunction.erf(x));
  }

  @Test
  void endsAtOneAndKnowsWhatIsNoNumber() {
    assertThat(ErrorFunction.erf(4)).isEqualTo(1);
    assertThat(ErrorFunction.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(ErrorFunction.erf(Double.NaN)).isNaN();
    assertThat(ErrorFunction.erf(-0.0)).isEqualTo(-0.0);
  }

  @Test
  void goesUpAsItsDerivativeSays() {
    for (double x = -3.95; x < 4; x += 0.1) {
      double rise = (ErrorFunction.erf(x + 1e-5) - ErrorFunction.erf(x - 1e-5)) / 2e-5;
      assertThat(ErrorFunction.derivative(x)).isEqualTo(rise, within(1e-9));
    }
  }
}
