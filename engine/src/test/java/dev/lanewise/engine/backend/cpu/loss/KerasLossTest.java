package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.keras.KerasObjects;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.reference.ReferenceLoss;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses as Keras writes them, with the value and the gradient that Keras has of each row. */
class KerasLossTest {
  private static final double VALUE = 1e-12;

  /** Rows keep gradients in float32. */
  private static final double FLOAT = 0x1p-23;

  static Stream<JsonObject> cases() {
    return KerasObjects.cases("losses").stream();
  }

  /** Those of a loss that takes the sigmoid's input have another gradient than the reference. */
  static Stream<JsonObject> casesOfOutputs() {
    return cases().filter(c -> !c.has("last"));
  }

  @Test
  void noCaseIsLost() {
    assertThat(cases()).hasSize(33);
    assertThat(casesOfOutputs()).hasSize(31);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsAgree(JsonObject c) {
    Activation last = c.has("last") ? Activation.SIGMOID : Activation.LINEAR;
    LossForm form = LossForm.of(KerasObjects.loss(c), last);
    RowLoss rule = RowLoss.of(form);
    double[] values = KerasObjects.numbers(c.getAsJsonArray("values"));
    double[][] y = KerasObjects.rows(c, "y");
    double[][] t = KerasObjects.rows(c, "t");
    double[][] gradient = KerasObjects.rows(c, "gradient");
    for (int r = 0; r < y.length; r++) {
      GivenRow row = GivenRow.of(y[r], form.applied(), t[r], 1, 0);
      assertThat(rule.of(row, row, 1)).isCloseTo(values[r], near(values[r], VALUE));
      for (int i = 0; i < y[r].length; i++) {
        double expected = gradient[r][i];
        assertThat(row.slope()[i])
            .as("row %d, %d", r, i)
            .isCloseTo(expected, near(expected, FLOAT));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("casesOfOutputs")
  void theReferenceAgrees(JsonObject c) {
    Loss loss = KerasObjects.loss(c);
    double[][] y = KerasObjects.rows(c, "y");
    double[] t = KerasObjects.flat(KerasObjects.rows(c, "t"));
    double[] values = KerasObjects.numbers(c.getAsJsonArray("values"));
    ReferenceLoss found = ReferenceLoss.of(loss, KerasObjects.flat(y), t, y[0].length, true);
    double mean = Arrays.stream(values).average().orElseThrow();
    assertThat(found.value()).isCloseTo(mean, near(mean, VALUE));
    double[] gradient = KerasObjects.flat(KerasObjects.rows(c, "gradient"));
    for (int i = 0; i < gradient.length; i++) {
      assertThat(found.gradient()[i] * y.length).isCloseTo(gradient[i], near(gradient[i], VALUE));
    }
  }

  private static Offset<Double> near(double value, double share) {
    return offset(share * Math.max(1, Math.abs(value)));
  }
}
