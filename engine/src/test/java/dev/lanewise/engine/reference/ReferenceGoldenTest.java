package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.golden.GoldenLayer;
import dev.lanewise.engine.golden.Npy;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference against Keras's float64 values, to nearly all their digits. */
class ReferenceGoldenTest {
  private static final double TOLERANCE = 1e-12;

  @ParameterizedTest
  @EnumSource
  void agreesWithKerasInDoublePrecision(GoldenLayer golden) {
    List<double[]> weights = golden.arrays("weight_").stream().map(Npy::values).toList();
    ReferenceModel model = new ReferenceModel(golden.input(), golden.stack(), weights);
    Npy x = golden.array("x");
    assertThat(model.forward(x.values()))
        .usingComparatorWithPrecision(TOLERANCE)
        .containsExactly(golden.array("y").values());
    ReferenceModel.Gradients gradients =
        model.backward(golden.array("upstream").values(), golden.output(), x.shape()[0]);
    assertThat(gradients.input())
        .usingComparatorWithPrecision(TOLERANCE)
        .containsExactly(golden.array("grad_x").values());
    List<Npy> expected = golden.arrays("grad_weight_");
    for (int i = 0; i < expected.size(); i++) {
      assertThat(gradients.weights().get(i))
          .as("weight " + i)
          .usingComparatorWithPrecision(TOLERANCE)
          .containsExactly(expected.get(i).values());
    }
  }
}
