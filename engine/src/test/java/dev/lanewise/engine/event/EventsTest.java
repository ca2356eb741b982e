package dev.lanewise.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.train.History;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording holds of a small fit. */
class EventsTest {
  @TempDir private Path folder;

  private static List<RecordedEvent> named(List<RecordedEvent> all, String name) {
    return all.stream()
        .filter(event -> event.getEventType().getName().equals("dev.lanewise." + name))
        .toList();
  }

  private List<RecordedEvent> read(Recording recording) throws IOException {
    recording.stop();
    Path file = folder.resolve("run.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file);
  }

  @Test
  void aRecordingHoldsPlanEpochsBatchesCheckpointsAndAnswers() throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable("dev.lanewise.Batch").withThreshold(Duration.ZERO);
      recording.enable("dev.lanewise.Predict").withThreshold(Duration.ZERO);
      recording.start();
      History history = WatchedRun.of(folder.resolve("checkpoints"));
      List<RecordedEvent> all = read(recording);

      List<RecordedEvent> plans = named(all, "Plan");
      assertThat(plans).hasSize(1);
      assertThat(plans.getFirst().getString("backend")).isEqualTo("cpu");
      assertThat(plans.getFirst().getString("model")).isEqualTo("[4, 3] -> [2]");
      assertThat(plans.getFirst().getLong("parameters")).isEqualTo(3 * 5 + 5 * 5 + 5 + 5 * 2 + 2);
      assertThat(plans.getFirst().getInt("maximumBatch")).isEqualTo(10);
      assertThat(plans.getFirst().getLong("bytes")).isPositive();

      List<RecordedEvent> epochs = named(all, "Epoch");
      assertThat(epochs).extracting(event -> event.getInt("epoch")).containsExactly(0, 1);
      for (int e = 0; e < epochs.size(); e++) {
        RecordedEvent epoch = epochs.get(e);
        assertThat(epoch.getInt("batches")).isEqualTo(4);
        assertThat(epoch.getInt("samples")).isEqualTo(40);
        assertThat(epoch.getDouble("loss")).isEqualTo(history.logs(e).get("loss"));
        assertThat(epoch.getDouble("validationLoss")).isEqualTo(history.logs(e).get("val_loss"));
        assertThat(epoch.getDuration("validation")).isPositive().isLessThan(epoch.getDuration());
        assertThat(epoch.getStackTrace()).isNull();
      }

      List<RecordedEvent> batches = named(all, "Batch");
      assertThat(batches)
          .extracting(event -> event.getInt("epoch") * 10 + event.getInt("batch"))
          .containsExactly(0, 1, 2, 3, 10, 11, 12, 13);
      double mean =
          batches.subList(0, 4).stream()
              .mapToDouble(event -> event.getDouble("loss"))
              .average()
              .orElseThrow();
      assertThat(mean).isEqualTo(epochs.getFirst().getDouble("loss"), within(1e-6));

      List<RecordedEvent> checkpoints = named(all, "Checkpoint");
      assertThat(checkpoints)
          .extracting(event -> event.getInt("epoch") * 10 + event.getInt("batch"))
          .containsExactly(0, 3, 12);
      assertThat(checkpoints)
          .allMatch(event -> event.getLong("bytes") > 0)
          .extracting(event -> event.getLong("bytes"))
          .last()
          .satisfies(
              bytes ->
                  assertThat(Files.size(folder.resolve("checkpoints/checkpoint")))
                      .isGreaterThan(bytes)); // with its seal

      assertThat(named(all, "Predict"))
          .extracting(event -> event.getInt("samples"))
          .containsExactly(7, 2);
    }
  }

  @Test
  void batchesAndAnswersBelowTheThresholdAreLeftOut() throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable("dev.lanewise.Batch").withThreshold(Duration.ofHours(1));
      recording.enable("dev.lanewise.Predict").withThreshold(Duration.ofHours(1));
      recording.start();
      WatchedRun.of(folder.resolve("checkpoints"));
      List<RecordedEvent> all = read(recording);
      assertThat(named(all, "Epoch")).hasSize(2);
      assertThat(named(all, "Batch")).isEmpty();
      assertThat(named(all, "Predict")).isEmpty();
    }
  }

  @Test
  void aRecordingThatWantsNoneGetsNone() throws IOException {
    try (Recording recording = new Recording()) {
      for (String name : List.of("Batch", "Checkpoint", "Epoch", "Plan", "Predict")) {
        recording.disable("dev.lanewise." + name);
      }
      recording.start();
      WatchedRun.of(folder.resolve("checkpoints"));
      assertThat(read(recording))
          .noneMatch(event -> event.getEventType().getName().startsWith("dev.lanewise"));
    }
  }

  /** The recorder runs, and nobody wants an answer's event: then none is made, even to be asked. */
  @Test
  void askingAllocatesNothingBesideARecordingOfOtherEvents() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Recording recording = new Recording()) {
      recording.disable("dev.lanewise.Predict");
      recording.start();
      assertThat(Events.predict()).isNull();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < 1000; call++) { // by the interpreter, which leaves no object out
        if (Events.predict() != null) {
          throw new AssertionError("an event that nobody wants");
        }
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isZero();
    }
  }

  private String alone(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            WatchedRun.class.getName(),
            folder.resolve("alone").toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @Test
  void withoutTheRecordersModuleEverythingRuns() throws Exception {
    assertThat(
            alone(
                "--limit-modules=jdk.incubator.vector,jdk.management,java.logging",
                "--add-modules=jdk.incubator.vector"))
        .contains("recorder none");
  }

  @Test
  void trainingStartsNoRecorder() throws Exception {
    assertThat(alone("--add-modules=jdk.incubator.vector")).contains("recorder false");
  }
}
