package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.checkpoint.SimulatedDisk;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeTest {
  private static final Map<String, String> SETTINGS = Map.of("seed", "4", "units", "21, 33");
  private static final Path RUN = Path.of("run").toAbsolutePath();

  /** Keeps a run's state after each of its batches, as bytes. */
  private static final class Recorder implements Callback {
    final List<byte[]> states = new ArrayList<>();
    private Training training;

    @Override
    public void onTrainBegin(Training running) {
      training = running;
    }

    @Override
    public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
      states.add(CheckpointFormat.bytes(new Checkpoint(SETTINGS, training.state())));
    }
  }

  private record Run(String digest, History history) {}

  private static FitOptions options() {
    return SmallRun.options().withEpochs(3);
  }

  private static Callback[] with(Callback last) {
    return new Callback[] {
      new EarlyStopping(Monitor.of("val_loss"), 5, true), last,
    };
  }

  private static Run whole(int threads, Callback last) {
    return whole(RecurrentKind.SIMPLE_RNN, threads, last);
  }

  private static Run whole(RecurrentKind kind, int threads, Callback last) {
    try (Model model = SmallRun.model(kind, threads)) {
      History history = model.fit(SmallRun.data(), options(), with(last));
      return new Run(SmallRun.digest(model), history);
    }
  }

  private static Run resumed(int threads, TrainingState state, Callback last) {
    return resumed(RecurrentKind.SIMPLE_RNN, threads, state, last);
  }

  private static Run resumed(RecurrentKind kind, int threads, TrainingState state, Callback last) {
    try (Model model = SmallRun.model(kind, threads)) {
      History history = model.resume(state, SmallRun.data(), options(), with(last));
      return new Run(SmallRun.digest(model), history);
    }
  }

  private static void same(Run found, Run expected) {
    assertThat(found.digest()).isEqualTo(expected.digest());
    assertThat(found.history().epoch()).isEqualTo(expected.history().epoch());
    assertThat(found.history().history()).isEqualTo(expected.history().history());
  }

  @ParameterizedTest
  @CsvSource({
    "SIMPLE_RNN, 1",
    "SIMPLE_RNN, 2",
    "SIMPLE_RNN, 3",
    "LSTM, 2",
    "GRU, 2",
    "GRU_RESET_BEFORE, 2",
    "SIMPLE_RNN_DROPPING, 2",
    "LSTM_DROPPING, 2",
    "GRU_DROPPING, 2",
    "GRU_RESET_BEFORE_DROPPING, 2"
  })
  void fromEveryBatchARunEndsAsIfItHadNotBeenInterrupted(RecurrentKind kind, int threads) {
    Recorder recorder = new Recorder();
    Run expected = whole(kind, 1, recorder);
    assertThat(recorder.states).hasSize(12);
    for (byte[] state : recorder.states) {
      Checkpoint read = CheckpointFormat.read(state);
      assertThat(read.settings()).isEqualTo(SETTINGS);
      same(resumed(kind, threads, read.state(), new Recorder()), expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMaskedModelGoesOn(RecurrentKind kind) {
    Recorder recorder = new Recorder();
    try (Model whole = SmallRun.maskedModel(kind, 1)) {
      History expected = whole.fit(SmallRun.paddedData(), options(), recorder);
      for (int batch : new int[] {2, 5}) { // within an epoch, whose sums go on, and at an end
        TrainingState state = CheckpointFormat.read(recorder.states.get(batch)).state();
        try (Model resumed = SmallRun.maskedModel(kind, 2)) {
          History found = resumed.resume(state, SmallRun.paddedData(), options(), new Recorder());
          assertThat(SmallRun.digest(resumed)).isEqualTo(SmallRun.digest(whole));
          assertThat(found.history()).isEqualTo(expected.history());
        }
      }
    }
  }

  static Stream<Optimizer> optimizers() {
    return SmallRun.optimizers().stream();
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void everyOptimizersStateGoesOn(Optimizer optimizer) {
    Recorder recorder = new Recorder();
    try (Model whole = SmallRun.model(1, optimizer)) {
      whole.fit(SmallRun.data(), options(), recorder);
      TrainingState state = CheckpointFormat.read(recorder.states.get(5)).state();
      try (Model resumed = SmallRun.model(2, optimizer)) {
        resumed.resume(state, SmallRun.data(), options(), new Recorder());
        assertThat(SmallRun.digest(resumed)).isEqualTo(SmallRun.digest(whole));
      }
    }
  }

  /** Falls each epoch, and further where the loss stays: from the second epoch on, it does. */
  private static Callback[] fallingRates(Recorder recorder) {
    return new Callback[] {
      new LearningRateScheduler((epoch, rate) -> rate * 0.75),
      new ReduceLrOnPlateau(
          new Monitor("loss", Monitor.Mode.MIN, 10),
          ReduceLrOnPlateau.Reduction.withDefaults().withPatience(2).withFactor(0.5)),
      recorder,
    };
  }

  @Test
  void fromEveryBatchTheStepSizeGoesOnWithTheCallbacksThatSetIt() {
    Recorder recorder = new Recorder();
    FitOptions longer = options().withEpochs(6);
    History history;
    String expected;
    try (Model model = SmallRun.model(1)) {
      history = model.fit(SmallRun.data(), longer, fallingRates(recorder));
      expected = SmallRun.digest(model);
      assertThat(model.parameters().learningRate())
          .isCloseTo(0.01 * Math.pow(0.75, 6) / 4, Offset.offset(1e-9));
    }
    List<Double> rates = history.history().get("learning_rate");
    double[] factors = {0.75, 0.5625, 0.421875, 0.158203125, 0.11865234375, 0.0444946289};
    for (int epoch = 0; epoch < 6; epoch++) {
      assertThat(rates.get(epoch)).isCloseTo(0.01 * factors[epoch], Offset.offset(1e-9));
    }
    assertThat(recorder.states).hasSize(24);
    for (byte[] state : recorder.states) {
      try (Model model = SmallRun.model(2)) {
        History resumed =
            model.resume(
                CheckpointFormat.read(state).state(),
                SmallRun.data(),
                longer,
                fallingRates(new Recorder()));
        assertThat(SmallRun.digest(model)).isEqualTo(expected);
        assertThat(resumed.history()).isEqualTo(history.history());
      }
    }
  }

  @Test
  void aScheduleIsNotSetByACallback() {
    Optimizer scheduled = Adam.of(CosineDecay.of(0.01, 100));
    try (Model model = SmallRun.model(1, scheduled)) {
      assertThatThrownBy(() -> model.fit(SmallRun.data(), options(), fallingRates(new Recorder())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("learning rate: CosineDecay gives it");
      Parameters now = model.parameters();
      assertThatThrownBy(
              () -> model.setParameters(new Parameters(now.values(), now.slots(), 0, 0.5)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("CosineDecay");
    }
  }

  @Test
  void aStateWrittenTwiceHasTheSameBytes() {
    Recorder recorder = new Recorder();
    whole(1, recorder);
    for (byte[] state : recorder.states) {
      assertThat(CheckpointFormat.bytes(CheckpointFormat.read(state))).isEqualTo(state);
    }
  }

  @Test
  void everyTruncationOfAStateIsSeen() {
    Recorder recorder = new Recorder();
    whole(1, recorder);
    byte[] state = recorder.states.get(6);
    for (int length = 0; length < state.length; length += length < 2000 ? 1 : 509) {
      byte[] cut = Arrays.copyOf(state, length);
      assertThatThrownBy(() -> CheckpointFormat.read(cut)).isInstanceOf(DamagedFileException.class);
    }
    assertThatThrownBy(() -> CheckpointFormat.read(Arrays.copyOf(state, state.length + 1)))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("too many");
  }

  private static Run started(CheckpointFolder folder) {
    return whole(1, new Checkpoints(folder, SETTINGS, 3));
  }

  /** Goes on as the command does: from what the folder holds, or from the start. */
  private static Run onward(CheckpointFolder folder) throws IOException {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.load(folder).checkpoint();
    } catch (DamagedFileException e) {
      return started(folder); // the disk failed before anything was saved
    }
    checkpoint.requireSettings(SETTINGS);
    return resumed(1, checkpoint.state(), new Checkpoints(folder, SETTINGS, 3));
  }

  private interface Work {
    Run run() throws IOException;
  }

  /** Returns the run, or null if the fault ended it. */
  private static @Nullable Run attempt(
      SimulatedDisk disk, int n, SimulatedDisk.Fault fault, Work work) {
    disk.failAt(n, fault);
    try {
      return work.run();
    } catch (IOException | UncheckedIOException | SimulatedDisk.PowerLost e) {
      return null;
    } finally {
      disk.failAt(0, fault);
    }
  }

  /**
   * Whatever operation fails, and however, the next process goes on and ends with the same bits.
   */
  @ParameterizedTest
  @EnumSource(SimulatedDisk.Fault.class)
  void aRunThatADiskInterruptsEndsAlike(SimulatedDisk.Fault fault) throws IOException {
    Run expected = whole(1, new Callback() {});
    Run found = null;
    for (int n = 1; found == null; n++) {
      SimulatedDisk disk = new SimulatedDisk();
      CheckpointFolder folder = new CheckpointFolder(disk, RUN);
      found = attempt(disk, n, fault, () -> started(folder));
      same(found != null ? found : onward(folder), expected);
    }
  }

  /** The same of a run that is taken up again: of its reading as of its saving. */
  @ParameterizedTest
  @EnumSource(SimulatedDisk.Fault.class)
  void aRunThatADiskInterruptsTwiceEndsAlike(SimulatedDisk.Fault fault) throws IOException {
    Run expected = whole(1, new Callback() {});
    Run found = null;
    for (int n = 1; found == null; n++) {
      SimulatedDisk disk = new SimulatedDisk();
      CheckpointFolder folder = new CheckpointFolder(disk, RUN);
      // The third save is interrupted while its file is written, and the one before is torn.
      assertThat(attempt(disk, 15, SimulatedDisk.Fault.SHORT_WRITE, () -> started(folder)))
          .isNull();
      disk.overwrite(RUN.resolve(CheckpointFolder.NEWEST), new byte[100]);
      found = attempt(disk, n, fault, () -> onward(folder));
      same(found != null ? found : onward(folder), expected);
    }
  }

  @Test
  void aSettingThatDiffersIsNamed() {
    Recorder recorder = new Recorder();
    whole(1, recorder);
    Checkpoint checkpoint = CheckpointFormat.read(recorder.states.get(0));
    checkpoint.requireSettings(SETTINGS);
    assertThatThrownBy(() -> checkpoint.requireSettings(Map.of("seed", "5", "units", "21, 33")))
        .hasMessage("resume: the run was started with seed 4, found 5");
    assertThatThrownBy(() -> checkpoint.requireSettings(Map.of("seed", "4")))
        .hasMessage("resume: the run was started with units 21, 33, found nothing");
  }

  @Test
  void aStateOfAnotherRunIsRefused() {
    Recorder recorder = new Recorder();
    whole(1, recorder);
    TrainingState state = CheckpointFormat.read(recorder.states.get(11)).state();
    try (Model model = SmallRun.model(1)) {
      FitOptions fewer = SmallRun.options();
      assertThatThrownBy(() -> model.resume(state, SmallRun.data(), fewer, with(new Callback() {})))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stands at epoch 2, batch 4");
      assertThatThrownBy(() -> model.resume(state, SmallRun.data(), options()))
          .hasMessageContaining("callbacks");
    }
  }
}
