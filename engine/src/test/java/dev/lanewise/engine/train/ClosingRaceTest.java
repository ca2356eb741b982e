package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.tensor.MemoryLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that ask a predictor which another closes meanwhile, and models that train beside each
 * other. {@code -Dlanewise.test.races=1000} makes a campaign of it.
 */
@Timeout(3600)
class ClosingRaceTest {
  private static final int ROUNDS = Integer.getInteger("lanewise.test.races", 5);
  private static final int THREADS = 1000;
  private static final Dataset DATA = SmallRun.data().slice(0, 12);

  /** Each answer is the one that there is, or none since the predictor is closed. */
  @Test
  void aThousandVirtualThreadsAskWhileOneCloses() throws Exception {
    long live = MemoryLedger.liveBytes();
    int answered = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (Model model = SmallRun.model(RecurrentKind.LSTM, 2)) {
        Predictor predictor = model.predictor();
        float[] inputs = new float[predictor.inputSize() * (1 + round % 30)];
        Arrays.fill(inputs, 0.25f);
        float[] expected =
            new float[inputs.length / predictor.inputSize() * predictor.outputSize()];
        predictor.predict(inputs, expected);
        for (boolean answer : asked(predictor, inputs, expected)) {
          answered += answer ? 1 : 0;
          refused += answer ? 0 : 1;
        }
      }
      assertThat(MemoryLedger.liveBytes()).isEqualTo(live);
    }
    System.out.printf("%d answered, %d after the predictor was closed%n", answered, refused);
    assertThat(answered).isPositive();
  }

  /** Asks on all threads, and closes as soon as no call is running; returns who was answered. */
  private static List<Boolean> asked(Predictor predictor, float[] inputs, float[] expected)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(THREADS / 10);
    List<Future<Boolean>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < THREADS; i++) {
        answers.add(
            threads.submit(
                () -> {
                  begun.countDown();
                  return answers(predictor, inputs, expected);
                }));
      }
      begun.await();
      closeOnceIdle(predictor);
    }
    List<Boolean> all = new ArrayList<>();
    for (Future<Boolean> answer : answers) {
      all.add(answer.get());
    }
    return all;
  }

  private static boolean answers(Predictor predictor, float[] inputs, float[] expected) {
    float[] outputs = new float[expected.length];
    try {
      predictor.predict(inputs, outputs);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("closed");
      return false;
    }
    assertThat(outputs).isEqualTo(expected);
    return true;
  }

  /** A predictor that is at work refuses to be closed, and goes on. */
  private static void closeOnceIdle(Predictor predictor) throws InterruptedException {
    while (true) {
      try {
        predictor.close();
        return;
      } catch (IllegalStateException e) {
        Thread.sleep(0, 100_000);
      }
    }
  }

  @Test
  void modelsThatTrainBesideEachOtherHaveTheWeightsOfOneAlone() throws Exception {
    List<float[]> expected = trained(0);
    for (int round = 0; round < ROUNDS; round++) {
      List<Future<List<float[]>>> runs = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 8; i++) {
          int run = i;
          runs.add(threads.submit(() -> trained(run)));
        }
      }
      for (Future<List<float[]>> run : runs) {
        assertThat(run.get()).usingRecursiveComparison().isEqualTo(expected);
      }
    }
  }

  private static List<float[]> trained(int run) {
    try (Model model = SmallRun.model(RecurrentKind.LSTM_DROPPING, 1 + run % 3)) {
      model.fit(DATA, FitOptions.epochs(2).withBatchSize(5).withSeed(4));
      return model.parameters().values();
    }
  }
}
