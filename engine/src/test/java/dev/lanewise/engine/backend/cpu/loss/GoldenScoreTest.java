package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.keras.KerasObjects;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scores, correlations, points of curves and intersections after each of several batches, as Keras
 * has them, in double precision; {@code bench/keras/make_scores.py} made them.
 */
class GoldenScoreTest {
  private static final double DOUBLE = 1e-9;

  /** Keras divides what it has counted in whole numbers in float32, and adds 1e-7 there. */
  private static final double FLOAT = 1e-6;

  static Stream<JsonObject> cases() {
    return KerasObjects.cases("scores").stream();
  }

  @Test
  void allAreSupported() {
    assertThat(cases()).hasSize(300);
    assertThat(cases().map(KerasObjects::metricOrNull)).doesNotContainNull();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAreKerass(JsonObject c) {
    JsonArray batches = c.getAsJsonArray("batches");
    boolean weighted = !batches.get(0).getAsJsonObject().get("w").isJsonNull();
    Metric read = Objects.requireNonNull(KerasObjects.metricOrNull(c));
    Metric metric = weighted ? read.byWeight() : read;
    int units = KerasObjects.rows(batches.get(0).getAsJsonObject(), "y")[0].length;
    RowMetric rows = RowMetric.of(metric, units, loss -> LossForm.of(loss, Activation.LINEAR));
    Totals totals = new Totals(List.of(metric), units);
    double tolerance = metric.measure() instanceof IoU ? FLOAT : DOUBLE;
    for (int b = 0; b < batches.size(); b++) {
      add(batches.get(b).getAsJsonObject(), rows, totals);
      JsonElement expected = c.getAsJsonArray("results").get(b);
      if (expected.getAsString().equals("nan")) {
        assertThat(totals.value(metric)).isNaN();
      } else {
        assertThat(totals.value(metric))
            .as("after batch %s of %s", b, c.get("metric"))
            .isCloseTo(expected.getAsDouble(), offset(tolerance));
      }
    }
  }

  private static void add(JsonObject batch, RowMetric rows, Totals totals) {
    double[][] y = KerasObjects.rows(batch, "y");
    double[][] t = KerasObjects.rows(batch, "t");
    for (int r = 0; r < y.length; r++) {
      JsonElement w = batch.get("w");
      double weight = w.isJsonNull() ? 1 : w.getAsJsonArray().get(r).getAsDouble();
      double[] cells = new double[rows.cells()];
      rows.measure(GivenRow.of(y[r], Activation.LINEAR, t[r], weight, 0), cells, 0);
      rows.addTo(totals, 0, cells, 0);
    }
  }
}
