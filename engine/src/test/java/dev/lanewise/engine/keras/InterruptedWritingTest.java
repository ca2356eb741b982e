package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.onnx.OnnxExport;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Checkpoints;
import dev.lanewise.engine.train.CsvLogger;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever interrupts a thread to end its work wants what it has, not a lost model. */
class InterruptedWritingTest {
  private static final Dataset DATA = Dataset.of(Shape.of(2), new float[20], new float[30], 3);

  @TempDir Path folder;

  private static Model model() {
    return Model.sequential(Shape.of(2), Dense.of(3))
        .compile(Adam.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }

  private void interrupted(Runnable work, String... files) {
    Thread.currentThread().interrupt();
    try {
      work.run();
    } finally {
      assertThat(Thread.interrupted()).as("interrupted still").isTrue();
    }
    for (String file : files) {
      assertThat(folder.resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void everyFileIsWrittenByAnInterruptedThreadThatStaysOne() throws IOException {
    try (Model model = model()) {
      SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4, 5));
      Path archive = folder.resolve("a.keras");
      interrupted(() -> KerasFile.write(saved, archive), "a.keras");
      interrupted(() -> KerasFile.writeWeights(saved, folder.resolve("a.weights.h5")));
      interrupted(() -> assertThat(KerasFile.read(archive).name()).isEqualTo("sequential"));
      interrupted(
          () -> OnnxExport.write(saved.spec(), saved.parameters(), folder.resolve("a.onnx")),
          "a.weights.h5",
          "a.onnx");
      FitOptions one = FitOptions.epochs(1);
      interrupted(() -> model.fit(DATA, one, new CsvLogger(folder.resolve("a.csv"))), "a.csv");
      CheckpointFolder checkpoints = new CheckpointFolder(Storage.disk(), folder);
      interrupted(() -> model.fit(DATA, one, new Checkpoints(checkpoints, Map.of(), 1)));
      assertThat(Files.exists(folder.resolve(CheckpointFolder.NEWEST))).isTrue();
    }
  }

  /** Interrupts arrive all the while, within a write as well. */
  @Test
  void interruptsThatArriveWhileItIsWrittenDoNoHarm() throws InterruptedException {
    Thread writer = Thread.currentThread();
    AtomicBoolean done = new AtomicBoolean();
    Thread interrupter =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    writer.interrupt();
                    LockSupport.parkNanos(300_000);
                  }
                });
    try (Model model = model()) {
      SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4, 5));
      for (int i = 0; i < 12; i++) {
        KerasFile.write(saved, folder.resolve("b.keras"));
      }
    } finally {
      done.set(true);
      while (interrupter.isAlive()) {
        Thread.interrupted();
        try {
          interrupter.join();
        } catch (InterruptedException e) {
          continue; // the last of them
        }
      }
      Thread.interrupted();
    }
    assertThat(KerasFile.read(folder.resolve("b.keras")).name()).isEqualTo("sequential");
  }
}
