package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.golden.GoldenStack;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent layers of every kind and option against Keras's float64 values. */
class RecurrentGoldenTest {
  private static final double TOLERANCE = 1e-12;
  private static final double FLOAT_TOLERANCE = 2e-6;

  static List<GoldenStack> stacks() {
    return GoldenStack.all().toList();
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void theReferenceAgreesToNearlyAllDigits(GoldenStack golden) {
    List<double[]> weights = golden.arrays("weight_").stream().map(Npy::values).toList();
    ReferenceModel model = new ReferenceModel(golden.input(), golden.layers(), weights);
    Npy x = golden.array("x");
    assertThat(model.forward(x.values()))
        .usingComparatorWithPrecision(TOLERANCE)
        .containsExactly(golden.array("y").values());
    ReferenceModel.Gradients gradients =
        model.backward(golden.array("upstream").values(), golden.output(), x.shape()[0]);
    if (!(golden.layers().getFirst() instanceof Embedding)) { // there is none by the ids of tokens
      assertThat(gradients.input())
          .usingComparatorWithPrecision(TOLERANCE)
          .containsExactly(golden.array("grad_x").values());
    }
    List<Npy> expected = golden.arrays("grad_weight_");
    for (int i = 0; i < expected.size(); i++) {
      assertThat(gradients.weights().get(i))
          .as("weight " + i)
          .usingComparatorWithPrecision(TOLERANCE)
          .containsExactly(expected.get(i).values());
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void theEngineAgreesToFloatPrecision(GoldenStack golden) {
    ModelSpec spec =
        new ModelSpec(
            golden.input(), golden.layers(), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
    List<float[]> weights = golden.arrays("weight_").stream().map(Npy::floats).toList();
    Npy y = golden.array("y");
    float[] outputs = new float[y.values().length];
    float[] single = new float[Math.toIntExact(golden.output().elementCount())];
    float[] x = golden.array("x").floats();
    float[] one = new float[Math.toIntExact(golden.input().elementCount())];
    try (Predictor predictor = new CpuBackend().predictor(spec, Parameters.initial(weights), 1)) {
      predictor.predict(x, outputs);
      assertThat(y.absoluteError(outputs)).isLessThan(FLOAT_TOLERANCE);
      for (int n = 0; n < x.length / one.length; n++) {
        System.arraycopy(x, n * one.length, one, 0, one.length);
        predictor.predict(one, single);
        for (int i = 0; i < single.length; i++) {
          assertThat(single[i]).isEqualTo(outputs[n * single.length + i]);
        }
      }
    }
  }
}
