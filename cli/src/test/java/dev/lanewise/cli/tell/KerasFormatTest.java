package dev.lanewise.cli.tell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KerasFormatTest {
  @Test
  void valuesHaveFourDecimalsOrAnExponent() {
    assertThat(KerasFormat.value(0.96271)).isEqualTo("0.9627");
    assertThat(KerasFormat.value(12)).isEqualTo("12.0000");
    assertThat(KerasFormat.value(0.001)).isEqualTo("1.0000e-03");
    assertThat(KerasFormat.value(0.000123456)).isEqualTo("1.2346e-04");
    assertThat(KerasFormat.value(0.0010001)).isEqualTo("0.0010");
    assertThat(KerasFormat.value(0.00012345)).isEqualTo("1.2345e-04");
    assertThat(KerasFormat.value(0)).isEqualTo("0.0000e+00");
    assertThat(KerasFormat.value(-0.5)).isEqualTo("-0.5000");
  }

  @Test
  void valuesThatAreNotFiniteAreNamedAsKerasDoes() {
    assertThat(KerasFormat.value(Double.NaN)).isEqualTo("nan");
    assertThat(KerasFormat.value(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    assertThat(KerasFormat.value(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }

  @Test
  void timesPerStepTakeTheUnitThatFits() {
    assertThat(KerasFormat.perStep(2.1)).isEqualTo("2s/step");
    assertThat(KerasFormat.perStep(0.0172)).isEqualTo("17ms/step");
    assertThat(KerasFormat.perStep(0.000812)).isEqualTo("812us/step");
  }

  @Test
  void remainingTimesGrowFieldsAsTheyNeed() {
    assertThat(KerasFormat.remaining(12.9)).isEqualTo("12s");
    assertThat(KerasFormat.remaining(60)).isEqualTo("60s");
    assertThat(KerasFormat.remaining(3600)).isEqualTo("60:00");
    assertThat(KerasFormat.remaining(187)).isEqualTo("3:07");
    assertThat(KerasFormat.remaining(3723)).isEqualTo("1:02:03");
  }

  @Test
  void theCounterIsAlignedToTheTotal() {
    assertThat(KerasFormat.counter(7, 320)).isEqualTo("  7/320");
    assertThat(KerasFormat.counter(17, 320)).isEqualTo(" 17/320");
    assertThat(KerasFormat.counter(320, 320)).isEqualTo("320/320");
  }

  @Test
  void theBarIsFilledFromItsLeft() {
    assertThat(KerasFormat.bar(15, 320, 20, false)).isEqualTo(" ".repeat(20));
    assertThat(KerasFormat.bar(319, 320, 20, false)).isEqualTo("━".repeat(19) + " ");
    assertThat(KerasFormat.bar(160, 320, 20, false)).isEqualTo("━".repeat(10) + " ".repeat(10));
    assertThat(KerasFormat.bar(320, 320, 20, true)).contains("━".repeat(20)).contains("\u001b[32m");
  }

  @Test
  void metricsFollowTheMapsOrder() {
    TreeMap<String, Double> logs = new TreeMap<>();
    logs.put("loss", 0.6012);
    logs.put("accuracy", 0.8123);
    assertThat(KerasFormat.metrics(logs)).isEqualTo(" - accuracy: 0.8123 - loss: 0.6012");
  }
}
