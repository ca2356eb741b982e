package dev.lanewise.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
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

  @Test
  void valuesOfMeansOutOfRangeAreNamed() {
    assertThatThrownBy(() -> WeightAverage.of(1.01)).hasMessageContaining("in [0, 1], found 1.01");
    assertThatThrownBy(() -> WeightAverage.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new WeightAverage(true, 0.5, -1)).hasMessageContaining("found -1");
    assertThatThrownBy(() -> WeightAverage.of(0.5).withOverwriteFrequency(0))
        .hasMessageContaining("overwriteFrequency must be at least 1, found 0");
    assertThatThrownBy(() -> WeightAverage.none().withOverwriteFrequency(2))
        .hasMessageContaining("without means");
  }

  /** One place says it for all: nothing else that is set is lost, and the means come last. */
  @Test
  void everyRuleKeepsMeansBesideWhatItKeeps() {
    for (Optimizer rule : GoldenOptimizers.all().values()) {
      Optimizer kept = rule.withAverage(WeightAverage.of(0.25));
      assertThat(kept.withAverage(rule.average())).isEqualTo(rule);
      List<String> slots = new ArrayList<>(rule.ruleSlots());
      slots.add(rule.kerasName() + "/average");
      assertThat(kept.slots()).isEqualTo(slots);
      assertThat(kept.withWeightDecay(0.5).withClipping(GradientClipping.value(1)).average())
          .isEqualTo(kept.average());
      assertThat(kept.withLearningRate(CosineDecay.of(0.1, 2)).average()).isEqualTo(kept.average());
    }
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
