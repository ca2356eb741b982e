package dev.lanewise.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan lays its steps out anew for each size of batch; what it computes must not show it. */
class BatchLayoutTest {
  private static final int SAMPLES = 150;
  private static final int STEPS = 7;
  private static final int FEATURES = 3;
  private static final int OUTPUTS = 2;
  private static final Shape INPUT = Shape.of(STEPS, FEATURES);

  private static ModelSpec spec(RecurrentKind kind) {
    return new ModelSpec(
        INPUT,
        List.of(kind.sequences(20), kind.last(18), Dense.of(OUTPUTS)),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  @ParameterizedTest
  @CsvSource({
    "SIMPLE_RNN, 1",
    "SIMPLE_RNN, 16",
    "SIMPLE_RNN, 50",
    "SIMPLE_RNN, 64",
    "SIMPLE_RNN, 100",
    "SIMPLE_RNN, 149",
    "LSTM, 1",
    "LSTM, 64",
    "LSTM, 149",
    "GRU, 1",
    "GRU, 64",
    "GRU, 149",
    "GRU_RESET_BEFORE, 1",
    "GRU_RESET_BEFORE, 64",
    "GRU_RESET_BEFORE, 149",
    "SIMPLE_RNN_DROPPING, 64",
    "LSTM_DROPPING, 1",
    "LSTM_DROPPING, 64",
    "LSTM_DROPPING, 149",
    "GRU_DROPPING, 64",
    "GRU_RESET_BEFORE_DROPPING, 64"
  })
  void aSmallBatchGivesTheSameBitsAfterALargeOneAsAlone(RecurrentKind kind, int batch) {
    aSmallBatchGivesTheSameBits(spec(kind), batch);
  }

  /** Steps that are an LSTM's own, wherever it has them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 64, 149})
  void pickedStepsFollowTheirSources(int batch) {
    ModelSpec spec =
        new ModelSpec(
            INPUT,
            List.of(
                Lstm.of(20).returningSequences(),
                new ZeroPadding1D(1, 2),
                new UpSampling1D(2),
                Conv1D.of(18, 3),
                GlobalMaxPooling1D.withDefaults(),
                Dense.of(OUTPUTS)),
            Loss.MEAN_SQUARED_ERROR,
            Adam.withDefaults());
    aSmallBatchGivesTheSameBits(spec, batch);
  }

  private static void aSmallBatchGivesTheSameBits(ModelSpec spec, int batch) {
    Dataset data = data();
    int[] order = order();
    try (Plan large = new CpuBackend().compile(spec, new PlanOptions(SAMPLES, 2));
        Plan small = new CpuBackend().compile(spec, new PlanOptions(batch, 1))) {
      large.load(start(spec));
      large.bind(data);
      large.beginEpoch(order, SAMPLES);
      large.step(1, new Totals());
      small.load(large.snapshot());
      small.bind(data);
      for (Plan plan : List.of(large, small)) {
        plan.beginEpoch(order, batch);
        plan.step(SAMPLES / batch, new Totals());
      }
      assertThat(large.snapshot().values())
          .usingRecursiveComparison()
          .isEqualTo(small.snapshot().values());
    }
  }

  private static int[] order() {
    int[] order = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      order[i] = i;
    }
    return order;
  }

  private static Dataset data() {
    return Dataset.of(
        INPUT, values(SAMPLES * STEPS * FEATURES, 1), values(SAMPLES * OUTPUTS, 2), OUTPUTS);
  }

  private static Parameters start(ModelSpec spec) {
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      values.add(values((int) parameter.shape().elementCount(), values.size() + 3));
    }
    return Parameters.initial(values);
  }

  private static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-0.3, 0.3);
    }
    return values;
  }
}
