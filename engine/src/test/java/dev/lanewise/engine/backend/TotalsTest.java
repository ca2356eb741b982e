package dev.lanewise.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.R2Score;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
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

  /** A score of three units keeps eleven sums, and one of two eight. */
  @Test
  void sumsOfEachUnitAreTheModels() {
    Metric score = Metric.of(new R2Score(), "r2_score");
    ModelSpec three = model(3, score);
    Totals own = new Totals(three);
    own.requireMetricsOf(three);
    own.reset();
    assertThat(own.toArray()).hasSize(2 + 11);
    assertThatThrownBy(() -> own.requireMetricsOf(model(2, score)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("totals: the model reports");
    assertThatThrownBy(() -> new Totals(List.of(score)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keeps sums of each unit; make them of the model");
    totals.requireMetricsOf(model(2, Metric.ACCURACY, Metric.MEAN_ABSOLUTE_ERROR));
  }

  private static ModelSpec model(int units, Metric... metrics) {
    List<Layer> layers = List.of(Dense.of(units));
    return new ModelSpec(
        Shape.of(4), layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of(metrics));
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
