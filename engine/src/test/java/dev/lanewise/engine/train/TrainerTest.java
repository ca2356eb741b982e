package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a fit tells its callbacks, what they may ask of it, and from where it goes on. */
class TrainerTest {
  private static final FitOptions ONE = FitOptions.epochs(1).withBatchSize(100);

  /** Keeps what it is told. */
  private static final class Listener implements Callback {
    final List<EpochTimes> times = new ArrayList<>();
    final List<TrainingState> states = new ArrayList<>();
    Training training;
    int ends;

    @Override
    public void onTrainBegin(Training running) {
      training = running;
    }

    @Override
    public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
      states.add(training.state());
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes ofEpoch) {
      times.add(ofEpoch);
    }

    @Override
    public void onTrainEnd() {
      ends++;
    }
  }

  private final Listener listener = new Listener();

  private static void assertEnded(String what, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(what + ": the fit has ended; ask from within a callback");
  }

  @Test
  void onceItHasEndedAFitIsAskedNothing() {
    try (Model model = SmallRun.model(1)) {
      model.fit(SmallRun.data(), ONE, listener);
      Parameters parameters = model.parameters();
      Training ended = listener.training;
      assertEnded("parameters", ended::parameters);
      assertEnded("setParameters", () -> ended.setParameters(parameters));
      assertEnded("learningRate", ended::learningRate);
      assertEnded("setLearningRate", () -> ended.setLearningRate(1));
      assertEnded("state", ended::state);
    }
  }

  @Test
  void everyCallbackIsToldOfTheEnd() {
    Listener other = new Listener();
    try (Model model = SmallRun.model(1)) {
      model.fit(SmallRun.data(), ONE, listener, other);
    }
    assertThat(List.of(listener.ends, other.ends)).containsExactly(1, 1);
  }

  @Test
  void anEpochsTimesAreThoseOfItsParts() {
    try (Model model = SmallRun.model(1)) {
      long begin = System.nanoTime();
      model.fit(SmallRun.data(), ONE.withValidationSplit(0.5), listener);
      model.fit(SmallRun.data(), ONE, listener);
      double all = (System.nanoTime() - begin) * 1e-9;
      EpochTimes halves = listener.times.getFirst();
      assertThat(halves.trainSeconds()).isPositive();
      assertThat(halves.validationSeconds()).isPositive();
      assertThat(halves.trainSeconds() + halves.validationSeconds()).isLessThan(all);
      assertThat(listener.times.getLast().trainSeconds()).isPositive().isLessThan(all);
      assertThat(listener.times.getLast().validationSeconds()).isZero();
    }
  }

  @Test
  void aStateWithAValueThatIsNoneIsRefusedWhicheverArrayHasIt() {
    Dataset data = Dataset.of(Shape.of(1), new float[] {1e30f, 1}, new float[] {1, 1}, 1);
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1)).compile(Sgd.of(1), Loss.MEAN_ABSOLUTE_ERROR)) {
      Parameters start = model.parameters();
      for (int broken = 0; broken < 2; broken++) {
        List<float[]> values = List.of(new float[] {1}, new float[] {1});
        values.get(broken)[0] = Float.POSITIVE_INFINITY;
        Parameters wrong = start.withValues(values);
        Callback breaking =
            new Callback() {
              private Training training;

              @Override
              public void onTrainBegin(Training running) {
                training = running;
              }

              @Override
              public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
                training.setParameters(wrong);
                training.state();
              }
            };
        model.setParameters(start);
        assertThatThrownBy(() -> model.fit(data, FitOptions.epochs(1), breaking))
            .isInstanceOf(DivergedException.class)
            .hasMessageContaining(broken == 0 ? "kernel of dense has" : "bias of dense has");
      }
    }
  }

  private TrainingState at(TrainingState state, int epoch, int batch) {
    return new TrainingState(
        state.parameters(),
        epoch,
        batch,
        state.sums(),
        state.history(),
        state.states(),
        state.callbacks());
  }

  @Test
  void aRunGoesOnFromAnyOfItsBatchesAndFromNoOther() {
    try (Model model = SmallRun.model(1)) {
      model.fit(SmallRun.data(), ONE, listener); // three batches
      TrainingState last = listener.states.getLast();
      assertThat(last.batch()).isEqualTo(3);
      for (int[] wrong : new int[][] {{1, 0}, {-1, 0}, {0, 4}, {0, -1}}) {
        TrainingState state = at(last, wrong[0], wrong[1]);
        assertThatThrownBy(() -> model.resume(state, SmallRun.data(), ONE, listener))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "resume: the state stands at epoch %d, batch %d; the run has 1 epochs of 3 batches",
                wrong[0], wrong[1]);
      }
      for (int batch = 0; batch <= 3; batch++) {
        listener.states.clear();
        model.resume(at(last, 0, batch), SmallRun.data(), ONE, listener);
        assertThat(listener.states).hasSize(3 - batch);
      }
    }
  }
}
