package dev.lanewise.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void valuesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> Adam.of(0)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> Adam.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(
            () -> new Adam(new ConstantLearningRate(0.1), 1, 0.999, 1e-7, GradientClipping.none()))
        .hasMessageContaining("beta1");
    assertThatThrownBy(() -> Sgd.of(0.1, 1)).hasMessageContaining("momentum");
  }
}
