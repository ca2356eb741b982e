package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.keras.KerasObjects;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics as Keras writes them, with the values that Keras has of them. */
class KerasMetricTest {
  /** Keras rounds ln 2 to float32 in the logarithm of the hyperbolic cosine. */
  private static final double VALUE = 1e-8;

  static Stream<JsonObject> cases() {
    return KerasObjects.cases("metrics").stream();
  }

  @Test
  void allAreSupported() {
    assertThat(cases()).hasSize(56);
    assertThat(cases().map(KerasObjects::metricOrNull)).doesNotContainNull();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAreKerass(JsonObject c) {
    Metric metric = Objects.requireNonNull(KerasObjects.metricOrNull(c));
    double[][] y = KerasObjects.rows(c, "y");
    double[][] t = KerasObjects.rows(c, "t");
    boolean weighted = !c.get("weights").isJsonNull();
    Metric judged = weighted ? metric.byWeight() : metric;
    RowMetric rows =
        RowMetric.of(judged, y[0].length, loss -> LossForm.of(loss, Activation.LINEAR));
    Totals totals = new Totals(List.of(judged), y[0].length);
    for (int r = 0; r < y.length; r++) {
      double weight = weighted ? c.getAsJsonArray("weights").get(r).getAsDouble() : 1;
      double[] cells = new double[rows.cells()];
      rows.measure(GivenRow.of(y[r], Activation.LINEAR, t[r], weight, 0), cells, 0);
      rows.addTo(totals, 0, cells, 0);
    }
    double expected = c.get("result").getAsDouble();
    double size = Math.max(1, Math.abs(expected));
    assertThat(totals.value(judged)).isCloseTo(expected, offset(VALUE * size));
  }
}
