package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.MemoryLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What callbacks are told, and what they may do to the model that trains. */
class CallbackTest {
  private static Callback atTheFirstBatch(Runnable work) {
    return new Callback() {
      @Override
      public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
        if (epoch == 0 && batch == 0) {
          work.run();
        }
      }
    };
  }

  @Test
  void areToldOfEpochsAndBatchesInOrder() {
    List<String> told = new ArrayList<>();
    Callback listening =
        new Callback() {
          @Override
          public void onEpochBegin(int epoch, int batches) {
            told.add("begin " + epoch + " of " + batches);
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            told.add("batch " + batch);
          }

          @Override
          public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
            told.add("end " + epoch + " " + logs.keySet());
          }
        };
    try (Model model = SmallRun.model(1)) {
      FitOptions two = FitOptions.epochs(2).withBatchSize(100);
      model.fit(SmallRun.data(), two, listening);
    }
    assertThat(told)
        .containsExactly(
            "begin 0 of 3",
            "batch 0",
            "batch 1",
            "batch 2",
            "end 0 [accuracy, loss]",
            "begin 1 of 3",
            "batch 0",
            "batch 1",
            "batch 2",
            "end 1 [accuracy, loss]");
  }

  @Test
  void neitherCloseNorTrainTheModelThatTrains() {
    FitOptions one = FitOptions.epochs(1).withBatchSize(64);
    try (Model model = SmallRun.model(2)) {
      assertThatThrownBy(() -> model.fit(SmallRun.data(), one, atTheFirstBatch(model::close)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("close: the model is training; call it when fit has returned");
      Callback training = atTheFirstBatch(() -> model.fit(SmallRun.data(), one));
      assertThatThrownBy(() -> model.fit(SmallRun.data(), one, training))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("fit: the model is training; call it when fit has returned");
      assertThat(model.predict(SmallRun.data(), 64)).hasSize(230 * 4); // usable afterwards
    }
    assertThat(MemoryLedger.liveBytes()).isZero();
  }
}
