package dev.lanewise.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.metric.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sums of a loss and of metrics, which are added and kept. */
class TotalsTest {
  private final Totals totals = new Totals(List.of(Metric.ACCURACY, Metric.MEAN_ABSOLUTE_ERROR));

  @Test
  void sumsAreAdded() {
    Totals other = new Totals(List.of(Metric.ACCURACY, Metric.MEAN_ABSOLUTE_ERROR));
    totals.set(new double[] {1, 2, 3, 4, 5, 6});
    other.set(new double[] {10, 20, 30, 40, 50, 60});
    totals.add(other);
    assertThat(totals.toArray()).containsExactly(11, 22, 33, 44, 55, 66);
    assertThat(totals.samples()).isEqualTo(22);
    assertThat(totals.meanLoss()).isEqualTo(0.5);
  }

  @Test
  void whatCannotHaveBeenSumsIsRefused() {
    totals.set(new double[] {0, 0, 0, 0, 0, 0}); // before the first batch
    totals.set(new double[] {1, 1L << 53, 3, 4, 5, 6}); // as many as a double counts
    for (double samples : new double[] {-1, (1L << 53) + 2, Double.NaN}) {
      assertThatThrownBy(() -> totals.set(new double[] {0, samples, 0, 0, 0, 0}))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> totals.set(new double[] {0, 1, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "totals: expected a loss, a count of samples and 4 sums of metrics, found 3 numbers");
    assertThat(totals.toArray()).containsExactly(1, 1L << 53, 3, 4, 5, 6);
  }
}
