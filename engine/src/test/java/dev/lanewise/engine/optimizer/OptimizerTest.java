package dev.lanewise.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void valuesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> Adam.of(0)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> Adam.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Adam(UpdateOptions.of(0.1), 1, 0.999, 1e-7, false))
        .hasMessageContaining("beta1");
    assertThatThrownBy(() -> Sgd.of(0.1, 1)).hasMessageContaining("momentum");
  }

  @Test
  void everyRulesValuesOutOfRangeAreNamed() {
    UpdateOptions options = UpdateOptions.of(0.1);
    assertThatThrownBy(() -> Adam.of(0.1).withWeightDecay(-1)).hasMessageContaining("weightDecay");
    assertThatThrownBy(() -> RmsProp.of(0.1).withRho(1)).hasMessageContaining("RMSprop: rho");
    assertThatThrownBy(() -> RmsProp.of(0.1).withMomentum(-1)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new Nadam(options, 2, 0.9, 1e-7)).hasMessageContaining("Nadam: beta1");
    assertThatThrownBy(() -> new Adamax(options, 0.9, 1, 1e-7))
        .hasMessageContaining("Adamax: beta2");
    assertThatThrownBy(() -> new Adagrad(options, -0.1, 1e-7))
        .hasMessageContaining("Adagrad: initialAccumulatorValue");
    assertThatThrownBy(() -> new Adadelta(options, 0.9, 0))
        .hasMessageContaining("Adadelta: epsilon");
    assertThatThrownBy(() -> new Lion(options, 0, 0.9)).hasMessageContaining("Lion: beta1");
  }

  /** Float32 of Keras's recorded run has 20 factors; a long run underflows to zero, not to NaN. */
  @Test
  void nadamsProductIsTheProduct() {
    double product = 1;
    for (int t = 1; t <= 1500; t++) {
      product *= 0.9 * (1 - 0.5 * Math.pow(0.96, t));
      assertThat(Nadam.withDefaults().product(t)).isCloseTo(product, withinPercentage(1e-9));
    }
    assertThat(Nadam.withDefaults().product(0)).isEqualTo(1);
    assertThat(Nadam.withDefaults().product(10_000_000)).isZero();
    assertThat(Nadam.withDefaults().meanFactor(10_000_000)).isCloseTo(0.9f, within(1e-7f));
  }
}
