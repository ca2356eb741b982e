package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked in any company has the same answer, and asking costs the heap nothing. */
@Timeout(120)
class PredictorTest {
  private static final int SAMPLES = 60;

  private static Model stack() {
    return stack(RecurrentKind.SIMPLE_RNN, 150);
  }

  /** More steps than two of a single sample's blocks, no softmax at the end. */
  private static Model stack(RecurrentKind kind, int units) {
    RecurrentOptions options = RecurrentOptions.DEFAULTS;
    return Model.sequential(
            Shape.of(71, 9),
            kind.of(21, Activation.TANH, options.returningSequences().goingBackwards()),
            kind.of(units, Activation.SIGMOID, options.withoutBias()),
            Dense.of(33, Activation.RELU),
            Dense.of(5, Activation.SIGMOID))
        .withSeed(3)
        .withThreads(2)
        .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  /** The steps of one sample from the first layer on, every output a sequence. */
  private static Model sequences(RecurrentKind kind) {
    return Model.sequential(Shape.of(40, 3), kind.sequences(17), Dense.of(4, Activation.SOFTMAX))
        .withSeed(4)
        .withThreads(2)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static float[] inputs(int values) {
    SplitMix64 random = new SplitMix64(8);
    float[] inputs = new float[values];
    for (int i = 0; i < values; i++) {
      inputs[i] = random.nextInt(2001) / 1000f - 1;
    }
    return inputs;
  }

  private static float[] sample(float[] all, int size, int from, int count) {
    return Arrays.copyOfRange(all, from * size, (from + count) * size);
  }

  @ParameterizedTest
  @EnumSource
  void anyCountOfSamplesHasTheBitsOfThePlan(RecurrentKind kind) {
    for (boolean sequences : new boolean[] {false, true}) {
      anyCountHasTheBitsOfThePlan(sequences ? sequences(kind) : stack(kind, 150));
    }
  }

  @Test
  void windowsHaveTheBitsOfThePlan() {
    anyCountHasTheBitsOfThePlan(SmallRun.windows(2));
  }

  private static void anyCountHasTheBitsOfThePlan(Model owned) {
    try (Model model = owned;
        Predictor predictor = model.predictor()) {
      int size = predictor.inputSize();
      int each = predictor.outputSize();
      float[] inputs = inputs(SAMPLES * size);
      Dataset data = Dataset.of(model.spec().input(), inputs, new float[SAMPLES * each], each);
      float[] expected = model.predict(data, SAMPLES);
      for (int count : new int[] {1, 2, 7, 25, 26, 51, SAMPLES}) {
        int from = SAMPLES - count;
        float[] outputs = new float[count * each];
        predictor.predict(sample(inputs, size, from, count), outputs);
        assertThat(outputs).as("%d", count).isEqualTo(sample(expected, each, from, count));
      }
    }
  }

  @Test
  void bytesAreDividedBy255() {
    try (Model model = SmallRun.model(1);
        Predictor predictor = model.predictor()) {
      byte[] bytes = Arrays.copyOf(SmallRun.data().byteFeatures(), 3 * 54);
      float[] floats = new float[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        floats[i] = (bytes[i] & 0xFF) / 255f;
      }
      float[] ofBytes = new float[12];
      float[] ofFloats = new float[12];
      predictor.predict(bytes, ofBytes);
      predictor.predict(floats, ofFloats);
      assertThat(ofBytes)
          .isEqualTo(ofFloats)
          .isEqualTo(model.predict(SmallRun.data().slice(0, 3), 3));
    }
  }

  @Test
  void trainingGoesOnWithoutThePredictor() {
    try (Model model = SmallRun.model(1);
        Predictor predictor = model.predictor()) {
      float[] before = model.predict(SmallRun.data().slice(0, 1), 1);
      model.fit(SmallRun.data(), SmallRun.options());
      float[] found = new float[4];
      predictor.predict(Arrays.copyOf(SmallRun.data().byteFeatures(), 54), found);
      assertThat(found).isEqualTo(before);
      assertThat(model.predict(SmallRun.data().slice(0, 1), 1)).isNotEqualTo(before);
    }
  }

  /** More threads than desks, alone and in crowds, so that they wait for desks and the team. */
  @Test
  void sixtyFourThreadsHaveTheAnswersOfOne() throws InterruptedException, ExecutionException {
    try (Model model = stack();
        Predictor predictor = model.predictor();
        ExecutorService threads = Executors.newFixedThreadPool(64)) {
      int size = predictor.inputSize();
      int each = predictor.outputSize();
      float[] inputs = inputs(SAMPLES * size);
      float[] expected = new float[SAMPLES * each];
      predictor.predict(inputs, expected);
      List<Future<Integer>> differences = new ArrayList<>();
      for (int thread = 0; thread < 64; thread++) {
        int count = thread % 8 == 0 ? SAMPLES : 1 + thread % 3;
        int from = thread % (SAMPLES - count + 1);
        float[] asked = sample(inputs, size, from, count);
        float[] wanted = sample(expected, each, from, count);
        differences.add(
            threads.submit(
                () -> {
                  int different = 0;
                  float[] outputs = new float[wanted.length];
                  for (int i = 0; i < 40; i++) {
                    Arrays.fill(outputs, -1);
                    predictor.predict(asked, outputs);
                    different += Arrays.equals(outputs, wanted) ? 0 : 1;
                  }
                  return different;
                }));
      }
      for (Future<Integer> one : differences) {
        assertThat(one.get()).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SIMPLE_RNN, 1",
    "SIMPLE_RNN, 60",
    "LSTM, 1",
    "LSTM, 60",
    "GRU, 1",
    "GRU, 60",
    "GRU_RESET_BEFORE, 1",
    "GRU_RESET_BEFORE, 60"
  })
  void askingAllocatesNothing(RecurrentKind kind, int count) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Model model = sequences(kind);
        Predictor predictor = model.predictor()) {
      float[] inputs = inputs(count * predictor.inputSize());
      float[] outputs = new float[count * predictor.outputSize()];
      long[] windows = new long[20];
      int calls = count == 1 ? 2_000 : 100;
      for (int i = -10; i < windows.length; i++) { // ten to have all compiled
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int call = 0; call < calls; call++) {
          predictor.predict(inputs, outputs);
        }
        long found = threads.getCurrentThreadAllocatedBytes() - before;
        if (i >= 0) {
          windows[i] = found;
        }
      }
      Arrays.sort(windows);
      assertThat(windows[windows.length / 2]).as("bytes in %d calls", calls).isZero();
    }
  }

  @Test
  void arraysThatDoNotFitAreRefused() {
    try (Model model = SmallRun.model(1);
        Predictor predictor = model.predictor()) {
      assertThatThrownBy(() -> predictor.predict(new float[0], new float[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("predict: a sample has 54 values, found 0");
      assertThatThrownBy(() -> predictor.predict(new byte[55], new float[4]))
          .hasMessage("predict: a sample has 54 values, found 55");
      assertThatThrownBy(() -> predictor.predict(new float[108], new float[4]))
          .hasMessage("predict: outputs of 2 samples have 8 values, found room for 4");
    }
  }

  @Test
  void closingFreesAllAndEndsUse() {
    try (Model model = SmallRun.model(2)) {
      model.prepare(1);
      long before = MemoryLedger.liveBytes();
      Predictor predictor = model.predictor();
      assertThat(MemoryLedger.liveBytes() - before).isEqualTo(predictor.bytes()).isPositive();
      predictor.close();
      assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
      assertThatThrownBy(() -> predictor.predict(new float[54], new float[4]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is closed");
      predictor.close();
      assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
    }
  }
}
