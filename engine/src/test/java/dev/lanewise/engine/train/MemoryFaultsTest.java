package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.RefusedAllocations;
import dev.lanewise.engine.tensor.Shape;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whichever allocation off-heap the system refuses: it is told by the tensor's name, nothing stays
 * taken, no thread is left, and the model answers as before.
 */
class MemoryFaultsTest {
  private static final Dataset DATA = SmallRun.data().slice(0, 12);

  private final long before = MemoryLedger.liveBytes();
  private long threads;

  @BeforeEach
  void countThreads() {
    threads = lanewiseThreads();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
    assertThat(lanewiseThreads()).isEqualTo(threads);
  }

  private static long lanewiseThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().startsWith("lanewise"))
        .count();
  }

  private static Model model() {
    return SmallRun.model(RecurrentKind.LSTM_DROPPING, 2);
  }

  /** Fails each allocation of some work in turn, until it succeeds; returns how many there are. */
  private static int failing(Runnable work, Runnable afterwards) {
    for (int n = 1; ; n++) {
      try (RefusedAllocations _ = RefusedAllocations.of(n)) {
        work.run();
        return n - 1;
      } catch (InsufficientMemoryException e) {
        assertThat(e)
            .hasMessageMatching("tensor .+ of arena .+: the system refused [0-9]+ bytes; .+");
      }
      afterwards.run();
    }
  }

  @Test
  void aModelThatCannotBeBuiltIsNoneAndIsBuiltWhenThereIsRoom() {
    try (Model model = model()) {
      float[] expected;
      try (Model other = model()) {
        expected = other.predict(DATA, 5);
      }
      long live = MemoryLedger.liveBytes();
      int allocations =
          failing(
              () -> assertThat(model.predict(DATA, 5)).isEqualTo(expected),
              () -> assertThat(MemoryLedger.liveBytes()).isEqualTo(live));
      assertThat(allocations).isGreaterThan(40);
    }
  }

  @Test
  void aFileIsReadAndWrittenWhicheverAllocationFails(@TempDir Path folder) {
    Path file = folder.resolve("model.keras");
    try (Model model = model()) {
      float[] expected = model.predict(DATA, 5);
      failing(
          () -> KerasFile.write(SavedModel.of(model, LocalDateTime.of(2026, 1, 1, 0, 0)), file),
          () -> assertThat(model.predict(DATA, 5)).isEqualTo(expected));
      long live = MemoryLedger.liveBytes();
      int allocations =
          failing(
              () -> {
                try (Model read = KerasFile.read(file).toModel()) {
                  assertThat(read.predict(DATA, 5)).isEqualTo(expected);
                }
              },
              () -> assertThat(MemoryLedger.liveBytes()).isEqualTo(live));
      assertThat(allocations).isGreaterThan(40);
    }
  }

  /** A fit in larger batches needs another plan, in the place of the one that answers. */
  @Test
  void aFitThatCannotBeginLeavesTheModelAsItWas() {
    FitOptions options = FitOptions.epochs(1).withBatchSize(8);
    float[] trained;
    try (Model undisturbed = model()) {
      undisturbed.fit(DATA, options);
      trained = undisturbed.predict(DATA, 5);
    }
    try (Model model = model()) {
      float[] expected = model.predict(DATA, 5);
      long live = MemoryLedger.liveBytes();
      int allocations =
          failing(
              () -> model.fit(DATA, options),
              () -> {
                assertThat(MemoryLedger.liveBytes()).isLessThanOrEqualTo(live);
                assertThat(model.predict(DATA, 5)).isEqualTo(expected);
                assertThat(MemoryLedger.liveBytes()).isEqualTo(live);
              });
      assertThat(allocations).isGreaterThan(40);
      assertThat(model.predict(DATA, 5)).isEqualTo(trained);
    }
  }

  @Test
  void aPredictorOrAStreamThatCannotBeMadeLeavesTheOthers() {
    try (Model model = streamed()) {
      Dataset data = Dataset.of(Shape.of(6, 9), new float[12 * 54], new int[12], 4);
      float[] expected = model.predict(data, 5);
      for (Precision precision : Precision.values()) {
        long live = MemoryLedger.liveBytes();
        int allocations =
            failing(
                () -> model.predictor(precision).close(),
                () -> {
                  assertThat(MemoryLedger.liveBytes()).isEqualTo(live);
                  assertThat(model.predict(data, 5)).isEqualTo(expected);
                });
        assertThat(allocations).isGreaterThan(10);
      }
      try (Predictor predictor = model.predictor()) {
        float[] answer = new float[predictor.outputSize()];
        predictor.predict(new float[predictor.inputSize()], answer);
        float[] found = new float[answer.length];
        int allocations =
            failing(
                () -> predictor.stream().close(),
                () -> {
                  predictor.predict(new float[predictor.inputSize()], found);
                  assertThat(found).isEqualTo(answer);
                });
        assertThat(allocations).isGreaterThan(5);
        try (Stream stream = predictor.stream()) {
          float[] inputs = new float[stream.inputSize()];
          float[] first = new float[stream.outputSize()];
          stream.step(inputs, first);
          stream.reset();
          allocations =
              failing(
                  () -> stream.fork().close(),
                  () -> {
                    stream.step(inputs, found);
                    assertThat(found).isEqualTo(first);
                    stream.reset();
                  });
          assertThat(allocations).isPositive();
        }
      }
    }
  }

  private static Model streamed() {
    return Model.sequential(Shape.of(6, 9), Lstm.of(17).returningSequences(), Gru.of(4))
        .withSeed(3)
        .withThreads(2)
        .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }

  /** Sequences of another length need another plan, which takes the states of the last one. */
  @Test
  void statesOutliveAPlanThatCannotBeMade() {
    float[] inputs = new float[5 * 8 * 3];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = i % 7 * 0.1f;
    }
    Dataset eight = Dataset.of(Shape.of(8, 3), inputs, new float[5 * 4], 4);
    Dataset four = Dataset.of(Shape.of(4, 3), Arrays.copyOf(inputs, 60), new float[5 * 4], 4);
    float[] expected;
    try (Model undisturbed = stateful()) {
      assertThat(undisturbed.predict(eight, 5)).isNotEmpty();
      expected = undisturbed.predict(four, 5);
    }
    try (Model model = stateful()) {
      assertThat(model.predict(eight, 5)).isNotEmpty();
      int allocations =
          failing(() -> assertThat(model.predict(four, 5)).isEqualTo(expected), () -> {});
      assertThat(allocations).isGreaterThan(10);
    }
  }

  private static Model stateful() {
    return Model.sequential(
            new Graph.Input("x", Shape.of(1, 3), true, 5), Lstm.of(4).keepingState())
        .withSeed(3)
        .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }
}
