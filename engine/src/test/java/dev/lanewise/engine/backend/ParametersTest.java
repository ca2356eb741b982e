package dev.lanewise.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weights and an optimizer's state, held against the model that they are for. */
class ParametersTest {
  private static final List<float[]> VALUES = List.of(new float[6], new float[3]);

  private static Parameters.Slot slot(float[]... values) {
    return new Parameters.Slot("SGD/momentum", List.of(values));
  }

  private static Parameters of(List<float[]> values, Parameters.Slot... slots) {
    return new Parameters(values, List.of(slots), 1);
  }

  private static Model model(Optimizer optimizer) {
    return Model.sequential(Shape.of(2), Dense.of(3)).compile(optimizer, Loss.MEAN_SQUARED_ERROR);
  }

  private static void assertRefused(Parameters parameters, String message) {
    try (Model model = model(Sgd.of(0.1, 0.9))) {
      float[] before = model.parameters().values().getFirst();
      assertThatThrownBy(() -> model.setParameters(parameters))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThat(model.parameters().values().getFirst()).isEqualTo(before);
    }
  }

  @Test
  void anArrayOfAnotherLengthIsNamedBeforeAnythingHasRun() {
    assertRefused(of(List.of(new float[6])), "parameters: the model has 2 arrays, found 1");
    assertRefused(
        of(List.of(new float[6], new float[4])), "parameters: bias is [3], found 4 values");
  }

  @Test
  void soIsOneOfTheOptimizersState() {
    assertRefused(
        of(VALUES, slot(new float[6])),
        "optimizer state SGD/momentum: the model has 2 arrays, found 1");
    assertRefused(
        of(VALUES, slot(new float[5], new float[3])),
        "optimizer state SGD/momentum: kernel is [2, 3], found 5 values");
    assertRefused(
        of(VALUES, new Parameters.Slot("velocity", VALUES)),
        "optimizer state: the optimizer keeps [SGD/momentum], found [velocity]; give weights alone"
            + " to begin afresh");
  }

  @Test
  void aStepSizeOfItsOwnIsForARuleWithoutASchedule() {
    Parameters parameters = new Parameters(VALUES, List.of(), 1, 0.5);
    try (Model plain = model(Sgd.of(0.1));
        Model scheduled = model(Sgd.of(0.1).withLearningRate(CosineDecay.of(0.1, 10)))) {
      assertThatCode(() -> plain.setParameters(parameters)).doesNotThrowAnyException();
      assertThatThrownBy(() -> scheduled.setParameters(parameters))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("learning rate: CosineDecay gives it");
    }
  }

  @Test
  void theFirstArrayThatIsNotFiniteIsFound() {
    assertThat(of(VALUES).firstNotFinite()).isEqualTo(-1);
    float[] broken = {0, Float.NaN};
    assertThat(of(List.of(broken, new float[2])).firstNotFinite()).isZero();
    assertThat(of(List.of(new float[2], broken, broken)).firstNotFinite()).isEqualTo(1);
  }
}
