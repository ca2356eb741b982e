package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A weight that is no number reaches the loss, as on the CPU: whoever watches the loss has to see
 * it, and CUDA's {@code fmaxf} and {@code fminf} would make a number of it.
 */
@Tag("emulated")
class NotANumberTest {
  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static double lossOf(Backend backend, Activation recurrent, Activation dense, Loss loss) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(3, 2),
            List.of(SimpleRnn.of(4).withActivation(recurrent), Dense.of(3, dense)),
            loss,
            Sgd.of(0.1));
    List<float[]> values =
        spec.parameters().stream()
            .map(
                parameter -> {
                  float[] value = new float[(int) parameter.shape().elementCount()];
                  Arrays.fill(value, 0.1f);
                  return value;
                })
            .toList();
    values.getFirst()[0] = Float.NaN;
    try (Plan plan = backend.compile(spec, new PlanOptions(1, 1))) {
      plan.load(Parameters.initial(values));
      Totals totals = new Totals();
      plan.evaluate(Dataset.ofBytes(Shape.of(3, 2), new byte[6], new int[] {1}, 3), 1, totals);
      return totals.meanLoss();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"LINEAR", "RELU", "TANH", "SIGMOID"})
  void weightThatIsNoNumberShowsInTheLoss(Activation activation) {
    Loss crossentropy = Loss.CATEGORICAL_CROSSENTROPY;
    Activation softmax = Activation.SOFTMAX;
    assertThat(lossOf(new CudaBackend(), activation, softmax, crossentropy)).isNaN();
    assertThat(lossOf(new GeneralPath(), activation, softmax, crossentropy)).isNaN();
    assertThat(lossOf(new CudaBackend(), activation, Activation.SIGMOID, crossentropy)).isNaN();
    assertThat(lossOf(new CudaBackend(), activation, Activation.LINEAR, Loss.MEAN_SQUARED_ERROR))
        .isNaN();
  }
}
