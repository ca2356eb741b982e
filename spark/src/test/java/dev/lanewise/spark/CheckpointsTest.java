package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fit goes on where it has been, and comes to the bits of one machine that was not disturbed. */
class CheckpointsTest {
  private static final Dataset DATA = Founding.pictures(400); // an epoch is 3 steps
  private static SparkSession session;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    session = LocalCluster.start(2, 1024);
    session
        .sparkContext()
        .hadoopConfiguration()
        .set(ObjectStore.setting(), ObjectStore.class.getName());
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private SparkFit fit(String scheme, CheckpointEvery every) {
    return SparkFit.on(session).withTasks(2).withCheckpoints(scheme + folder, every);
  }

  private static String alone(FitOptions options) {
    try (Model model = Founding.model()) {
      model.fit(DATA, options);
      return Weights.sha256(model.parameters());
    }
  }

  /** Two executors that are JVMs; one is gone without a word. */
  @Test
  void aKilledExecutorCostsTheStepsSinceTheCheckpoint() throws Exception {
    FitOptions options = Founding.options(200); // seconds, in which to kill one
    int steps = 600;
    try (Model model = small();
        Model alone = small()) {
      CompletableFuture<FitResult> result =
          CompletableFuture.supplyAsync(
              () -> fit("file:", CheckpointEvery.steps(10)).fit(model, DATA, options));
      while (!Files.exists(folder.resolve(CheckpointFolder.PREVIOUS))) {
        assertThat(result).as("the fit, before its checkpoint").isNotDone();
        LockSupport.parkNanos(1_000_000);
      }
      kill(LocalCluster.executors().findFirst().orElseThrow());
      assertThat(result).as("the fit, when the executor is killed").isNotDone();
      alone.fit(DATA, options);
      FitResult ended = result.get();
      assertThat(ended.weightsSha256()).isEqualTo(Weights.sha256(alone.parameters()));
      assertThat(ended.attempts()).isGreaterThan(1);
      assertThat(ended.resumedAt()).isGreaterThanOrEqualTo(10).isLessThan(steps);
      assertThat(ended.tasks())
          .allSatisfy(task -> assertThat(task.steps()).isEqualTo(steps - ended.resumedAt()));
      assertThat(ended.history().epoch()).hasSize(200);
    }
  }

  private static Model small() {
    return Model.sequential(Shape.of(28, 28), SimpleRnn.of(16), Dense.of(10, Activation.SOFTMAX))
        .withSeed(3)
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  private static void kill(ProcessHandle executor) {
    assertThat(executor.destroyForcibly()).as("SIGKILL").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:", "object:"})
  void aLaterFitGoesOn(String scheme) {
    try (Model first = Founding.model();
        Model again = Founding.model();
        Model ended = Founding.model()) {
      CheckpointEvery each = CheckpointEvery.epochs(1);
      fit(scheme, each).fit(first, DATA, Founding.options(2));
      FitResult more = fit(scheme, each).fit(again, DATA, Founding.options(3));
      assertThat(more.resumedAt()).isEqualTo(6);
      assertThat(more.weightsSha256()).isEqualTo(alone(Founding.options(3)));
      FitResult same = fit(scheme, each).fit(ended, DATA, Founding.options(3));
      assertThat(same.tasks()).allSatisfy(task -> assertThat(task.steps()).isZero());
      assertThat(same.weightsSha256()).isEqualTo(more.weightsSha256());
      assertThat(same.history().history()).isEqualTo(more.history().history());
    }
  }

  /** Before any task, and what is there stays. */
  @Test
  void theFolderOfAnotherFitIsRefused() throws IOException {
    try (Model model = Founding.model()) {
      fit("", CheckpointEvery.steps(1)).fit(model, DATA, Founding.options(1));
    }
    byte[] before = Files.readAllBytes(folder.resolve(CheckpointFolder.NEWEST));
    try (Model model = Founding.model();
        Model other = Founding.model(2)) {
      requireRefused(model, Founding.pictures(399), Founding.options(1), "data");
      requireRefused(model, DATA, Founding.options(1).withSeed(2), "seed");
      requireRefused(model, DATA, Founding.options(1).withBatchSize(100), "batch size");
      requireRefused(other, DATA, Founding.options(1), "seed of the model");
      model.fit(DATA, Founding.options(1));
      requireRefused(model, DATA, Founding.options(1), "start weights");
    }
    assertThat(folder.resolve(CheckpointFolder.NEWEST)).hasBinaryContent(before);
  }

  private void requireRefused(Model model, Dataset data, FitOptions options, String setting) {
    assertThatThrownBy(() -> fit("", CheckpointEvery.epochs(1)).fit(model, data, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the run was started with " + setting)
        .hasMessageContaining("name another folder");
  }

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    try (Model first = Founding.model();
        Model again = Founding.model()) {
      CheckpointEvery each = CheckpointEvery.steps(1);
      fit("", each).fit(first, DATA, Founding.options(1));
      damage(CheckpointFolder.NEWEST);
      FitResult result = fit("", each).fit(again, DATA, Founding.options(1));
      assertThat(result.resumedAt()).isEqualTo(2);
      assertThat(result.weightsSha256()).isEqualTo(alone(Founding.options(1)));
      damage(CheckpointFolder.NEWEST);
      damage(CheckpointFolder.PREVIOUS);
      try (Model third = Founding.model()) {
        assertThatThrownBy(() -> fit("", each).fit(third, DATA, Founding.options(1)))
            .isInstanceOf(DamagedFileException.class)
            .hasMessageContaining(folder.toString());
      }
    }
  }

  private void damage(String name) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(name));
    content[content.length / 2] ^= 1;
    Files.write(folder.resolve(name), content);
  }
}
