package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes killed at drawn moments, whatever they are at, and started again and again. Every build
 * has a few; {@code -Dlanewise.test.kills=1000} makes a campaign of it.
 */
class KilledProcessesIT {
  /** In all; each kind of process has its share. */
  private static final int KILLS = Integer.getInteger("lanewise.test.kills", 6);

  private static final int KINDS = 6;
  private static final int KILLED = 128 + 9;
  private static final long SEED = Long.getLong("lanewise.test.seed", 11);

  @TempDir private Path folder;

  private final Random random = new Random(SEED);

  /**
   * A run that is killed again and again goes on from its last checkpoint, never from one before,
   * and ends with the weights of one that was left alone.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--units 40",
        "--cell lstm --units 12 --dropout 0.2 --recurrent-dropout 0.1 --optimizer adamw"
            + " --schedule cosine",
        "--cell gru --bidirectional --layers 2 --units 8 --dropout 0.1 --save-best"
            + " --reduce-lr-on-plateau 1"
      })
  void aRunLosesNothingThatWasSaved(String options) throws Exception {
    String line = "train --json --limit 750 --epochs 3 --checkpoint-every 2 " + options;
    String[] resume = (line + " --resume run").split(" ");
    long begin = System.nanoTime();
    String expected = Child.run(folder, (line + " --out whole").split(" ")).digest();
    long whole = System.nanoTime() - begin;
    Path run = folder.resolve("run");
    long saved = 0;
    for (int killed = 0; killed < KILLS / KINDS; ) {
      Child.Outcome outcome = stoppedBefore(whole, resume);
      if (outcome.exit() == KILLED) {
        killed++;
        assertThat(outcome.messages()).noneMatch(message -> message.contains("damaged"));
        long found = updates(run);
        if (found < saved) { // then it was about to end, and has left its result
          assertThat(run.resolve(RunFolder.HISTORY_JSON)).as("%s after %s", found, saved).exists();
        }
        saved = found;
      } else {
        assertThat(outcome.digest()).isEqualTo(expected);
        Files.move(run, Files.createTempDirectory(folder, "ended").resolve("run"));
        saved = 0;
      }
    }
    assertThat(Child.run(folder, resume).digest()).isEqualTo(expected);
    assertThat(run.resolve(CheckpointFolder.NEWEST)).doesNotExist();
  }

  /** A file that was there is there still, or its successor is, whole. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert --force run/model.keras to.onnx",
        "plot run --out to.svg",
        "show --out to.png"
      })
  void aFileIsTheOldOneOrTheNew(String command) throws Exception {
    String train = "train --quiet --units 8 --limit 300 --epochs 1 --out run";
    assertThat(Child.run(folder, train.split(" ")).exit()).isZero();
    String[] line = command.split(" ");
    Path target = folder.resolve(line[line.length - 1]);
    long begin = System.nanoTime();
    assertThat(Child.run(folder, line).exit()).isZero();
    long whole = System.nanoTime() - begin;
    byte[] successor = Files.readAllBytes(target);
    byte[] old = {1, 2, 3};
    for (int killed = 0; killed < KILLS / KINDS; ) {
      Files.write(target, old);
      Child.Outcome outcome = stoppedBefore(whole, line);
      byte[] left = Files.readAllBytes(target);
      if (outcome.exit() == KILLED) {
        killed++;
        assertThat(left).isIn(old, successor);
      } else {
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(left).isEqualTo(successor);
      }
    }
  }

  /** A process that was killed at a drawn moment, or had ended by then. */
  private Child.Outcome stoppedBefore(long nanos, String... line) throws InterruptedException {
    Child child = Child.start(folder, List.of(), line);
    child.process().waitFor(random.nextLong(nanos / 5, nanos), TimeUnit.NANOSECONDS);
    child.process().destroyForcibly();
    return child.await(10);
  }

  /** How many updates a run's newest checkpoint has behind it; 0 without one. */
  private static long updates(Path run) throws IOException {
    boolean saved =
        Stream.of(CheckpointFolder.NEWEST, CheckpointFolder.PREVIOUS)
            .anyMatch(name -> Files.exists(run.resolve(name)));
    return saved
        ? Checkpoint.load(new CheckpointFolder(Storage.disk(), run))
            .checkpoint()
            .state()
            .parameters()
            .iterations()
        : 0;
  }
}
