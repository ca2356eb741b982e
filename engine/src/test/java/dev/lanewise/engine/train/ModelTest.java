package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.ChildJvm;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTest {
  @Test
  void historyHoldsFourSeriesInAlphabeticalOrder() {
    try (Model model = SmallRun.model(1)) {
      History history = model.fit(SmallRun.data(), SmallRun.options());
      assertThat(history.history().keySet())
          .containsExactly("accuracy", "loss", "val_accuracy", "val_loss");
      assertThat(history.history().values()).allMatch(series -> series.size() == 2);
      assertThat(history.epoch()).containsExactly(0, 1);
    }
  }

  @Test
  void epochLossIsTheSampleWeightedMeanOfBatchLosses() {
    double[] sums = new double[2];
    int[] sizes = {64, 64, 64, 15}; // 207 of 230 samples
    Callback weighing =
        new Callback() {
          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            sums[epoch] += progress.batchLoss() * sizes[batch];
          }
        };
    try (Model model = SmallRun.model(1)) {
      History history = model.fit(SmallRun.data(), SmallRun.options(), weighing);
      for (int epoch = 0; epoch < 2; epoch++) {
        assertThat(history.history().get("loss").get(epoch))
            .isCloseTo(sums[epoch] / 207, org.assertj.core.data.Offset.offset(1e-12));
      }
    }
  }

  @Test
  void theLastPartIsHeldOutAndNeverTrainedOn() {
    try (Model model = SmallRun.model(1);
        Model alone = SmallRun.model(1)) {
      model.fit(SmallRun.data(), SmallRun.options());
      alone.fit(SmallRun.data().slice(0, 207), SmallRun.options().withValidationSplit(0));
      assertThat(SmallRun.digest(model)).isEqualTo(SmallRun.digest(alone));
    }
  }

  @Test
  void parametersReadAndSetContinueTheSameRun() {
    FitOptions one = FitOptions.epochs(1).withBatchSize(64).withoutShuffle();
    String twice;
    try (Model model = SmallRun.model(2)) {
      model.fit(SmallRun.data(), one);
      model.fit(SmallRun.data(), one);
      twice = SmallRun.digest(model);
    }
    try (Model first = SmallRun.model(2);
        Model second = SmallRun.model(2)) {
      first.fit(SmallRun.data(), one);
      second.setParameters(first.parameters());
      second.fit(SmallRun.data(), one);
      assertThat(SmallRun.digest(second)).isEqualTo(twice);
    }
  }

  @Test
  void aModelThatDoesNotFitIsRefusedBeforeAnythingIsAllocated() {
    try (Model model =
        Model.sequential(Shape.of(28, 28), SimpleRnn.of(200_000), Dense.of(10))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> model.prepare(150))
          .isInstanceOf(InsufficientMemoryException.class)
          .hasMessageContaining("needs")
          .hasMessageContaining("budget");
      assertThat(MemoryLedger.liveBytes()).isZero();
    }
  }

  @Test
  void metricsAreMeansOverSamples() {
    // y = x: errors 1, 0 and 3; above one half: 1, 0, 1; expected 0, 0.25, 1.
    Dataset data = Dataset.of(Shape.of(1), new float[] {1, 0.25f, 4}, new float[] {0, 0.25f, 1}, 1);
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1).withoutBias())
            .compile(
                Sgd.of(0.1),
                Loss.MEAN_SQUARED_ERROR,
                Metric.MEAN_ABSOLUTE_ERROR,
                Metric.ACCURACY)) {
      model.setParameters(Parameters.initial(List.of(new float[] {1})));
      Evaluation found = model.evaluate(data, 2);
      assertThat(found.values().keySet()).containsExactly("accuracy", "loss", "mae");
      assertThat(found.values().get("mae")).isEqualTo(4.0 / 3);
      assertThat(found.accuracy()).isEqualTo(1.0 / 3);
      assertThat(found.loss()).isEqualTo(10.0 / 3);
    }
  }

  @Test
  void warmingUpLeavesNeitherMemoryNorTraces() {
    String cold = SmallRun.digest(1);
    new CpuBackend().warmUp();
    assertThat(MemoryLedger.liveBytes()).isZero();
    assertThat(SmallRun.digest(1)).isEqualTo(cold);
  }

  @Test
  void theBudgetIsAProperty() {
    ChildJvm.Result child =
        ChildJvm.run(List.of("-Dlanewise.memory.budget=100000"), SmallRun.class, "1", "WHOLE");
    assertThat(child.exitCode()).isNotZero();
    assertThat(child.output()).contains("InsufficientMemoryException").contains("100,000 bytes");
  }

  @Test
  void aLossThatIsNoNumberStopsTrainingNamingEpochAndBatch() {
    Dataset data = Dataset.of(Shape.of(1), new float[] {1, 2}, new float[] {1, 3}, 1);
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1)).compile(Sgd.of(1e30), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> model.fit(data, FitOptions.epochs(50).withBatchSize(2)))
          .isInstanceOf(DivergedException.class)
          .hasMessageMatching(
              "fit: the loss is .* in epoch \\d+, batch 1; lower the learning rate.*");
    }
  }

  @Test
  void aValidationLossThatIsNoNumberStopsTrainingNamingTheEpoch() {
    Dataset data = Dataset.of(Shape.of(1), new float[] {1, 2}, new float[] {1, 3}, 1);
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1)).compile(Sgd.of(3e38), Loss.MEAN_SQUARED_ERROR)) {
      FitOptions options = FitOptions.epochs(1).withBatchSize(1).withValidationSplit(0.5);
      assertThatThrownBy(() -> model.fit(data, options))
          .isInstanceOf(DivergedException.class)
          .hasMessageStartingWith("fit: the validation loss is ")
          .hasMessageContaining("after epoch 1; lower the learning rate");
    }
  }

  @Test
  void wrongInputsAndTargetsAreNamed() {
    Dataset wide = Dataset.of(Shape.of(6, 10), new float[60], new int[] {0}, 4);
    Dataset manyClasses = Dataset.of(Shape.of(6, 9), new float[54], new int[] {4}, 5);
    try (Model model = SmallRun.model(1)) {
      FitOptions one = FitOptions.epochs(1);
      assertThatThrownBy(() -> model.fit(wide, one))
          .hasMessage("data: a sample is [6, 10], the model expects [6, 9]");
      assertThatThrownBy(() -> model.fit(manyClasses, one)).hasMessageContaining("5 classes");
      assertThatThrownBy(() -> model.fit(SmallRun.data().slice(0, 1), one.withValidationSplit(0.5)))
          .hasMessageContaining("leaves none to train on");
      assertThatThrownBy(
              () -> model.fit(SmallRun.data().slice(0, 1), one.withValidationSplit(1e-17)))
          .hasMessageContaining("leaves none to validate");
    }
  }

  @Test
  void whatIsHeldOutIsLookedAtBeforeAnythingIsTrained() {
    float[] targets = {1, 1, 0, -1}; // of the first two nothing is wrong
    Dataset data = Dataset.of(Shape.of(1), new float[] {1, 2, 3, 4}, targets, 1);
    try (Model model =
        Model.sequential(Shape.of(1), Dense.of(1)).compile(Sgd.of(0.1), Loss.HINGE)) {
      float before = model.parameters().values().getFirst()[0];
      assertThatThrownBy(() -> model.fit(data, FitOptions.epochs(1).withValidationSplit(0.5)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found 0 and -1.0");
      assertThat(model.parameters().values().getFirst()[0]).isEqualTo(before);
    }
  }

  @Test
  void sparseCrossentropyNeedsLabelsAndGivesTheSameWeights() {
    List<String> digests = new ArrayList<>();
    for (Loss loss : List.of(Loss.CATEGORICAL_CROSSENTROPY, Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      try (Model model = SmallRun.model(1).compile(Adam.of(0.01), loss, Metric.ACCURACY)) {
        model.fit(SmallRun.data(), SmallRun.options());
        digests.add(SmallRun.digest(model));
      }
    }
    assertThat(digests.get(1)).isEqualTo(digests.get(0));
    Dataset soft = Dataset.of(Shape.of(2), new float[2], new float[] {0, 1}, 2);
    try (Model model =
        Model.sequential(Shape.of(2), Dense.of(2, Activation.SOFTMAX))
            .compile(Adam.withDefaults(), Loss.SPARSE_CATEGORICAL_CROSSENTROPY)) {
      assertThatThrownBy(() -> model.fit(soft, FitOptions.epochs(1)))
          .hasMessageContaining("needs class indices");
    }
  }
}
