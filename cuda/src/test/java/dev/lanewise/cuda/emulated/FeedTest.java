package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of any width come into a layer, go in reverse, and come out: as many to a block as it has
 * threads for, wider ones in parts.
 */
@Tag("emulated")
class FeedTest {
  /** One update; the longest sum has 15 rows' products of 300 terms: sqrt(4,500) u. */
  private static final double TOLERANCE = 4e-6;

  private static final int SAMPLES = 5;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 43, 64, 65, 127, 128, 129, 300})
  void rowsOfEachWidthArriveAsOnTheCpu(int width) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(3, width),
            List.of(
                SimpleRnn.of(4).returningSequences(), // reads `width` values
                Dense.of(width), // and gives as many to a layer that goes backwards
                SimpleRnn.of(3).returningSequences().goingBackwards(),
                Dense.of(width)), // collected
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    List<float[]> expected = trained(Backends.named("cpu"), spec);
    List<float[]> found = trained(new CudaBackend(), spec);
    for (int i = 0; i < expected.size(); i++) {
      double difference = 0;
      double size = 0;
      for (int j = 0; j < expected.get(i).length; j++) {
        difference += Math.pow((double) found.get(i)[j] - expected.get(i)[j], 2);
        size += Math.pow(expected.get(i)[j], 2);
      }
      assertThat(Math.sqrt(difference / size)).as("array " + i).isLessThan(TOLERANCE);
    }
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
  }

  /** Returns the weights after an update, and the outputs. */
  private static List<float[]> trained(Backend backend, ModelSpec spec) {
    Random random = new Random(1);
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      double scale = 1 / Math.sqrt(parameter.shape().size(0));
      values.add(randoms(random, (int) parameter.shape().elementCount(), scale));
    }
    int each = Math.toIntExact(spec.input().elementCount());
    float[] inputs = randoms(random, SAMPLES * each, 1);
    Dataset data = Dataset.of(spec.input(), inputs, randoms(random, SAMPLES * each, 1), each);
    try (Plan plan = backend.compile(spec, new PlanOptions(SAMPLES, 1))) {
      plan.load(Parameters.initial(values));
      plan.bind(data);
      plan.beginEpoch(new int[] {4, 1, 0, 3, 2}, SAMPLES);
      plan.step(1, new Totals());
      List<float[]> all = new ArrayList<>(plan.snapshot().values());
      float[] outputs = new float[SAMPLES * each];
      plan.predict(data, SAMPLES, outputs);
      all.add(outputs);
      return all;
    }
  }

  private static float[] randoms(Random random, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * scale);
    }
    return values;
  }
}
