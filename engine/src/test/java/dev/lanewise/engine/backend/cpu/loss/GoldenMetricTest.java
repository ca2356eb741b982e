package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.golden.GoldenRows;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keras's metrics after one batch and after two, in double precision. */
class GoldenMetricTest {
  static Stream<GoldenRows> cases() {
    return GoldenRows.cases("metrics").stream();
  }

  @Test
  void noCaseIsLost() {
    assertThat(cases()).hasSize(36);
  }

  private static Metric metric(GoldenRows c) {
    Metric metric =
        switch (c.json().get("metric").getAsString()) {
          case "mae" -> Metric.MEAN_ABSOLUTE_ERROR;
          case "mse" -> Metric.MEAN_SQUARED_ERROR;
          case "rmse" -> Metric.ROOT_MEAN_SQUARED_ERROR;
          case "binary_accuracy" -> Metric.BINARY_ACCURACY;
          case "categorical_accuracy", "sparse_categorical_accuracy" ->
              Metric.of(new Measure.CategoricalAccuracy(), "categorical_accuracy");
          default -> throw new IllegalArgumentException("unknown: " + c);
        };
    return metric.byWeight();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAreKerass(GoldenRows c) {
    Metric metric = metric(c);
    RowMetric rows =
        RowMetric.of(
            metric, c.positions() * c.z()[0].length, loss -> LossForm.of(loss, Activation.LINEAR));
    Totals totals = new Totals(List.of(metric));
    int compared = 0;
    for (int sample = 0; sample < c.z().length / c.positions(); sample++) {
      double[] cells = new double[rows.cells()];
      for (int p = 0; p < c.positions(); p++) {
        int r = sample * c.positions() + p;
        if (c.mask()[r] || !metric.measure().heedsMasks()) {
          rows.measure(
              GivenRow.of(c.z()[r], c.activation(), c.targets()[r], c.weights()[r], p), cells, 0);
        }
      }
      rows.addTo(totals, 0, cells, 0);
      String after = "after_rows_0_" + sample;
      if (c.json().has(after)) {
        compared++;
        assertThat(totals.value(metric)).isCloseTo(c.json().get(after).getAsDouble(), offset(1e-9));
      }
    }
    assertThat(compared).isEqualTo(2);
  }
}
