package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.SimulatedDisk;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks on their own, with made-up values of made-up epochs. */
class CallbacksTest {
  private static final EpochTimes TIMES = new EpochTimes(1, 0);

  /** A fit whose parameters are the number of the epoch that was last seen. */
  private static final class FakeTraining implements Training {
    int epoch;
    boolean stopped;
    float restored = -1;
    double rate = 1;

    @Override
    public void stop() {
      stopped = true;
    }

    @Override
    public Parameters parameters() {
      return Parameters.initial(List.of(new float[] {epoch}));
    }

    @Override
    public void setParameters(Parameters parameters) {
      restored = parameters.values().get(0)[0];
    }

    @Override
    public double learningRate() {
      return rate;
    }

    @Override
    public void setLearningRate(double newRate) {
      rate = newRate;
    }

    @Override
    public TrainingState state() {
      throw new UnsupportedOperationException();
    }
  }

  private final FakeTraining training = new FakeTraining();

  /** Returns after how many epochs the fit is stopped. */
  private int stoppedAfter(Callback callback, double... values) {
    callback.onTrainBegin(training);
    for (int i = 0; i < values.length; i++) {
      training.epoch = i;
      callback.onEpochEnd(i, Map.of("val_loss", values[i], "accuracy", values[i]), TIMES);
      if (training.stopped) {
        callback.onTrainEnd();
        return i + 1;
      }
    }
    callback.onTrainEnd();
    return 0;
  }

  @Test
  void earlyStoppingWaitsAsLongAsItsPatience() {
    EarlyStopping two = new EarlyStopping(Monitor.of("val_loss"), 2, false);
    assertThat(stoppedAfter(two, 3, 2, 2.5, 2.1, 1)).isEqualTo(4);
    assertThat(training.restored).isEqualTo(-1);
  }

  @Test
  void anImprovementBeginsTheWaitAgain() {
    EarlyStopping two = new EarlyStopping(Monitor.of("val_loss"), 2, false);
    assertThat(stoppedAfter(two, 3, 3.5, 2, 2.5, 1, 1, 1)).isEqualTo(7);
  }

  @Test
  void ofAnAccuracyMoreIsBetter() {
    EarlyStopping one = new EarlyStopping(Monitor.of("accuracy"), 1, false);
    assertThat(stoppedAfter(one, 0.5, 0.6, 0.7, 0.7)).isEqualTo(4);
  }

  @Test
  void lessThanTheMinimumDeltaIsNoImprovement() {
    Monitor monitor = new Monitor("val_loss", Monitor.Mode.MIN, 0.5);
    assertThat(stoppedAfter(new EarlyStopping(monitor, 1, false), 3, 2.6)).isEqualTo(2);
    training.stopped = false;
    assertThat(stoppedAfter(new EarlyStopping(monitor, 1, false), 3, 2.4)).isZero();
  }

  @Test
  void soItIsWhereMoreIsBetter() {
    Monitor monitor = new Monitor("accuracy", Monitor.Mode.MAX, 0.25);
    assertThat(stoppedAfter(new EarlyStopping(monitor, 1, false), 0.25, 0.375)).isEqualTo(2);
    training.stopped = false;
    assertThat(stoppedAfter(new EarlyStopping(monitor, 1, false), 0.25, 0.75)).isZero();
  }

  @Test
  void withoutPatienceTheFirstEpochThatIsNoBetterIsTheLast() {
    EarlyStopping none = new EarlyStopping(Monitor.of("val_loss"), 0, false);
    assertThat(stoppedAfter(none, 3, 2, 2, 1)).isEqualTo(3);
  }

  /** Keras never stops after the first epoch, of which nobody can say that it is no better. */
  @Test
  void aFirstEpochWithoutANumberIsNotTheLast() {
    EarlyStopping none = new EarlyStopping(Monitor.of("val_loss"), 0, false);
    assertThat(stoppedAfter(none, Double.NaN, 2, 1)).isZero();
  }

  @Test
  void theBestWeightsComeBack() {
    EarlyStopping two = new EarlyStopping(Monitor.of("val_loss"), 2, true);
    assertThat(stoppedAfter(two, 3, 1, 2, 2)).isEqualTo(4);
    assertThat(training.restored).isEqualTo(1);
  }

  @Test
  void aResumedWaitGoesOn() {
    History history = new History();
    history.add(0, Map.of("val_loss", 1.0));
    history.add(1, Map.of("val_loss", 2.0));
    EarlyStopping two = new EarlyStopping(Monitor.of("val_loss"), 2, true);
    two.onTrainBegin(training);
    two.onResume(history, List.of(new float[] {77}));
    two.onEpochEnd(2, Map.of("val_loss", 1.5), TIMES);
    two.onTrainEnd();
    assertThat(training.stopped).isTrue();
    assertThat(training.restored).isEqualTo(77);
  }

  @Test
  void aNameThatIsNotReportedIsToldWithThoseThatAre() {
    EarlyStopping stopping = new EarlyStopping(Monitor.of("val_acc"), 1, false);
    assertThatThrownBy(() -> stoppedAfter(stopping, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no value is named val_acc, there are [");
  }

  /** Returns the step size after each epoch. */
  private List<Double> rates(ReduceLrOnPlateau.Reduction reduction, double... values) {
    ReduceLrOnPlateau callback =
        new ReduceLrOnPlateau(ReduceLrOnPlateau.monitor("val_loss"), reduction);
    callback.onTrainBegin(training);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      callback.onEpochEnd(i, Map.of("val_loss", values[i]), TIMES);
      rates.add(training.rate);
    }
    return rates;
  }

  @Test
  void aPlateauLowersTheStepSizeAgainAndAgain() {
    var half = ReduceLrOnPlateau.Reduction.withDefaults().withPatience(2).withFactor(0.5);
    assertThat(rates(half, 3, 3, 3, 3, 3, 2, 2, 2))
        .containsExactly(1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125);
  }

  @Test
  void lessThanKerassDeltaIsAPlateau() {
    var half = ReduceLrOnPlateau.Reduction.withDefaults().withPatience(1).withFactor(0.5);
    assertThat(rates(half, 3, 2.99995, 2.9, 2.8)).containsExactly(1.0, 0.5, 0.5, 0.5);
  }

  /** As in Keras the last epoch of the cool-down counts again. */
  @Test
  void epochsOfTheCoolDownDoNotCount() {
    var cooling = new ReduceLrOnPlateau.Reduction(0.5, 1, 3, 0);
    assertThat(rates(cooling, 3, 3, 3, 3, 3, 3)).containsExactly(1.0, 0.5, 0.5, 0.5, 0.25, 0.25);
  }

  @Test
  void theStepSizeStopsAtItsMinimum() {
    var bounded = new ReduceLrOnPlateau.Reduction(0.5, 1, 0, 0.3);
    assertThat(rates(bounded, 3, 3, 3, 3)).containsExactly(1.0, 0.5, 0.3, 0.3);
  }

  @Test
  void atItsMinimumTheStepSizeDoesNotCool() {
    var callback =
        new ReduceLrOnPlateau(
            ReduceLrOnPlateau.monitor("val_loss"), new ReduceLrOnPlateau.Reduction(0.5, 1, 3, 1));
    stoppedAfter(callback, 3, 3);
    assertThat(callback.state()).containsExactly(new float[] {1, 0});
    assertThat(training.rate).isEqualTo(1);
  }

  @Test
  void aStepSizeThatFloatCannotHoldIsNotSet() {
    var tiny = new ReduceLrOnPlateau.Reduction(1e-30, 1, 0, 0);
    assertThat(rates(tiny, 3, 3, 3)).containsExactly(1.0, 1e-30, 1e-30);
  }

  @Test
  void withoutPatienceAPlateauIsOneEpoch() {
    var none = new ReduceLrOnPlateau.Reduction(0.5, 0, 0, 0);
    assertThat(rates(none, 3, 2, 2)).containsExactly(1.0, 1.0, 0.5);
  }

  @Test
  void eachFitBeginsAnew() {
    var half = ReduceLrOnPlateau.Reduction.withDefaults().withPatience(2).withFactor(0.5);
    var callback = new ReduceLrOnPlateau(ReduceLrOnPlateau.monitor("val_loss"), half);
    stoppedAfter(callback, 1, 1);
    stoppedAfter(callback, 3, 2);
    assertThat(training.rate).isEqualTo(1);
    stoppedAfter(callback, 3, 3, 3);
    assertThat(training.rate).isEqualTo(0.5);
  }

  @Test
  void reductionsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new ReduceLrOnPlateau.Reduction(1, 1, 0, 0))
        .hasMessage("ReduceLROnPlateau: factor must be above 0 and below 1, found 1.0");
    assertThatThrownBy(() -> new ReduceLrOnPlateau.Reduction(0, 1, 0, 0))
        .hasMessage("ReduceLROnPlateau: factor must be above 0 and below 1, found 0.0");
    assertThatThrownBy(() -> new ReduceLrOnPlateau.Reduction(0.1, -1, 0, 0))
        .hasMessageContaining("patience");
    assertThatThrownBy(() -> new ReduceLrOnPlateau.Reduction(0.1, 1, -1, 0))
        .hasMessageContaining("cooldown");
    assertThatThrownBy(() -> new ReduceLrOnPlateau.Reduction(0.1, 1, 0, Double.NaN))
        .hasMessageContaining("minimum");
  }

  @Test
  void modelCheckpointHandsOutTheBestSoFar() {
    List<Float> written = new ArrayList<>();
    ModelCheckpoint checkpoint =
        new ModelCheckpoint(
            Monitor.of("val_loss"), parameters -> written.add(parameters.values().get(0)[0]));
    stoppedAfter(checkpoint, 3, 4, 2, 2, 1);
    assertThat(written).containsExactly(0f, 2f, 4f);
    History history = new History();
    history.add(0, Map.of("val_loss", 0.5));
    checkpoint.onResume(history, List.of());
    checkpoint.onEpochEnd(1, Map.of("val_loss", 0.75), TIMES);
    assertThat(written).hasSize(3);
  }

  @Test
  void csvLoggerWritesWholeLinesInKerassOrder() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path file = Path.of("log.csv").toAbsolutePath();
    CsvLogger logger = new CsvLogger(disk, file);
    stoppedAfter(logger, 0.5, 0.25);
    assertThat(new String(disk.read(file), StandardCharsets.UTF_8))
        .isEqualTo("epoch,accuracy,val_loss\n0,0.5,0.5\n1,0.25,0.25\n");
  }

  @Test
  void aLogThatCannotBeWrittenIsRefusedBeforeTheFirstEpoch() {
    Path file = Path.of("no/such/folder/log.csv");
    CsvLogger logger = new CsvLogger(file);
    assertThatThrownBy(() -> logger.onTrainBegin(training))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(file + ": cannot be written: there is no folder ");
  }

  @Test
  void terminateOnNanEndsAFitThatWouldThrow() {
    Dataset data = Dataset.of(Shape.of(1), new float[] {1, 2}, new float[] {1e30f, 2}, 1);
    FitOptions options = FitOptions.epochs(5).withBatchSize(1);
    TerminateOnNaN terminate = new TerminateOnNaN();
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1)).compile(Sgd.of(1e30), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> model.fit(data, options)).isInstanceOf(DivergedException.class);
      History history = model.fit(data, options, terminate);
      assertThat(terminate.terminated()).isTrue();
      assertThat(history.epoch()).isEmpty();
    }
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new EarlyStopping(Monitor.of("loss"), -1, false))
        .hasMessageContaining("patience");
    assertThatThrownBy(() -> new Monitor("loss", Monitor.Mode.MIN, -1))
        .hasMessageContaining("minimumDelta");
  }

  @Test
  void ofMetricsThatMeasureSuccessMoreIsBetter() {
    List<Metric> metrics =
        List.of(Metric.AUC.named("area"), Metric.RECALL, Metric.MEAN_ABSOLUTE_ERROR);
    assertThat(Monitor.of("val_area", metrics).mode()).isEqualTo(Monitor.Mode.MAX);
    assertThat(Monitor.of("recall", metrics).mode()).isEqualTo(Monitor.Mode.MAX);
    assertThat(Monitor.of("mae", metrics).mode()).isEqualTo(Monitor.Mode.MIN);
    assertThat(Monitor.of("val_loss", metrics).mode()).isEqualTo(Monitor.Mode.MIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accuracy",
        "val_acc",
        "val_kind_accuracy",
        "val_auc",
        "auc_1",
        "val_precision",
        "recall_2",
        "val_f1_score",
        "mean_io_u",
        "cosine_similarity",
        "val_recall_at_precision",
        "r2_score"
      })
  void ofTheseMoreIsBetter(String name) {
    assertThat(Monitor.of(name).mode()).isEqualTo(Monitor.Mode.MAX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss", "val_loss", "mae", "false_positives", "val_auc_loss", "precise"})
  void ofTheseLessIsBetter(String name) {
    assertThat(Monitor.of(name).mode()).isEqualTo(Monitor.Mode.MIN);
  }
}
