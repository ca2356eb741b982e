package dev.lanewise.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One batch's gradients with a limit, held against those without, limited in double. */
class GradientClippingTest {
  private static final int BATCH = 60; // several shards
  private static final Shape INPUT = Shape.of(3, 5);

  private record Run(List<float[]> gradients, Parameters after) {}

  private static Run run(GradientClipping clipping, int threads) {
    Optimizer optimizer = Sgd.of(0.1).withClipping(clipping);
    ModelSpec spec =
        new ModelSpec(
            INPUT,
            List.of(SimpleRnn.of(19), Dense.of(4, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            optimizer);
    SplitMix64 random = SplitMix64.stream(3, 9, 0);
    List<float[]> start = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      start.add(Initializer.GLOROT_UNIFORM.values(parameter.shape(), random));
    }
    float[] features = new float[BATCH * 15];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextDouble();
    }
    int[] labels = IntStream.range(0, BATCH).map(i -> i % 3).toArray();
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, threads))) {
      plan.load(Parameters.initial(start));
      plan.bind(Dataset.of(INPUT, features, labels, 4));
      plan.beginEpoch(IntStream.range(0, BATCH).toArray(), BATCH);
      plan.step(1, new Totals());
      return new Run(plan.gradients(), plan.snapshot());
    }
  }

  private static double norm(List<float[]> arrays) {
    double squares = 0;
    for (float[] array : arrays) {
      for (float value : array) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }

  private static void same(List<float[]> found, List<float[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).as("parameter " + i).containsExactly(expected.get(i));
    }
  }

  private static List<float[]> scaled(List<float[]> arrays, double limit, double norm) {
    float factor = (float) (limit / Math.max(norm, limit));
    return arrays.stream().map(array -> times(array, factor)).toList();
  }

  private static float[] times(float[] array, float factor) {
    float[] product = array.clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= factor;
    }
    return product;
  }

  @Test
  void eachParametersNormComesUnderTheLimitByItself() {
    List<float[]> free = run(GradientClipping.none(), 1).gradients();
    List<Double> norms = free.stream().map(array -> norm(List.of(array))).toList();
    double limit = norms.stream().sorted().toList().get(2); // some are above, some below
    List<float[]> expected = new ArrayList<>();
    for (int i = 0; i < free.size(); i++) {
      expected.addAll(scaled(List.of(free.get(i)), limit, norms.get(i)));
    }
    same(run(GradientClipping.norm(limit), 1).gradients(), expected);
    assertThat(expected.get(norms.indexOf(limit))).containsExactly(free.get(norms.indexOf(limit)));
  }

  @Test
  void theNormOfAllParametersTogetherComesUnderTheLimit() {
    List<float[]> free = run(GradientClipping.none(), 1).gradients();
    double limit = norm(free) / 3;
    List<float[]> found = run(GradientClipping.globalNorm(limit), 1).gradients();
    same(found, scaled(free, limit, norm(free)));
    assertThat(norm(found)).isBetween(limit * (1 - 1e-6), limit * (1 + 1e-6));
  }

  @Test
  void eachElementComesUnderTheLimit() {
    List<float[]> free = run(GradientClipping.none(), 1).gradients();
    float limit = (float) (norm(free) / 40);
    List<float[]> expected = new ArrayList<>();
    boolean reached = false;
    for (float[] array : free) {
      float[] clipped = array.clone();
      for (int i = 0; i < clipped.length; i++) {
        clipped[i] = Math.clamp(clipped[i], -limit, limit);
        reached |= clipped[i] != array[i];
      }
      expected.add(clipped);
    }
    assertThat(reached).isTrue();
    same(run(GradientClipping.value(limit), 1).gradients(), expected);
  }

  @Test
  void aLimitThatIsNotReachedChangesNoBit() {
    List<float[]> free = run(GradientClipping.none(), 1).after().values();
    same(run(GradientClipping.norm(1e6), 1).after().values(), free);
    same(run(GradientClipping.globalNorm(1e6), 1).after().values(), free);
    same(run(GradientClipping.value(1e6), 1).after().values(), free);
  }

  @Test
  void theUpdateUsesTheLimitedGradient() {
    Run free = run(GradientClipping.none(), 1);
    Run limited = run(GradientClipping.globalNorm(norm(free.gradients()) / 3), 1);
    float[] bias = limited.after().values().get(2);
    assertThat(bias).isNotEqualTo(free.after().values().get(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void threadsChangeNoBit(int threads) {
    for (GradientClipping clipping :
        List.of(
            GradientClipping.norm(0.05),
            GradientClipping.globalNorm(0.05),
            GradientClipping.value(0.001))) {
      same(run(clipping, threads).after().values(), run(clipping, 1).after().values());
    }
  }

  @Test
  void limitsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> GradientClipping.norm(0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> GradientClipping.value(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new GradientClipping(GradientClipping.Kind.NONE, 1))
        .hasMessageContaining("NONE");
  }
}
