package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.ShardedPlan;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that share the work of each batch end with the bits of one. */
class ShardedPlanTest {
  private static final FitOptions OPTIONS =
      FitOptions.epochs(2).withBatchSize(64).withValidationSplit(0.1).withSeed(4);

  private interface Run {
    Model model();

    Dataset data();
  }

  private static Arguments run(String name, Supplied model, Dataset data) {
    return Arguments.of(
        name,
        new Run() {
          @Override
          public Model model() {
            return model.get();
          }

          @Override
          public Dataset data() {
            return data;
          }
        });
  }

  private interface Supplied {
    Model get();
  }

  static Stream<Arguments> runs() {
    Dataset samples = SmallRun.data();
    return Stream.of(
        run("lstm", () -> SmallRun.model(RecurrentKind.LSTM, 2), samples),
        run("convolutions", () -> SmallRun.windows(1), samples),
        run(
            "norm, penalties",
            () -> penalized(Adam.of(0.01).withClipping(GradientClipping.globalNorm(0.1))),
            samples),
        run("sorted by masks", () -> SmallRun.maskedModel(RecurrentKind.GRU, 1), padded()),
        run("sorted, penalties", ShardedPlanTest::sparse, padded()),
        run("layers called twice", () -> GraphRun.model(1), GraphRun.data()));
  }

  private static Dataset padded() {
    return SmallRun.paddedData().slice(0, 100);
  }

  private static Model sparse() {
    return Model.sequential(
            padded().sampleShape(),
            Masking.ofZeros(),
            Gru.of(19).returningSequences(),
            ActivityRegularization.l1(0.2),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(1)
        .compile(Adam.of(0.01), Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
  }

  private static Model penalized(Optimizer rule) {
    return Model.sequential(
            Shape.of(6, 9),
            SimpleRnn.of(21),
            ActivityRegularization.l2(0.2),
            Dense.of(4, Activation.SOFTMAX)
                .withRegularizers(Regularizers.NONE.withKernel(new Regularizer(0.01, 0.1))))
        .withSeed(3)
        .withThreads(1)
        .compile(rule, Loss.CATEGORICAL_CROSSENTROPY, Metric.AUC, Metric.ACCURACY);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void sharingABatchChangesNoBit(String name, Run run) {
    Parameters expected;
    History history;
    try (Model alone = run.model()) {
      history = alone.fit(run.data(), OPTIONS);
      expected = alone.parameters();
    }
    for (int replicas : new int[] {2, 3}) {
      try (Model shared = run.model().onBackend(ReplicaPlan.backend(replicas, 7 * replicas))) {
        assertThat(shared.fit(run.data(), OPTIONS).history()).isEqualTo(history.history());
        assertThat(shared.parameters())
            .usingRecursiveComparison()
            .as("%s, %s replicas", name, replicas)
            .isEqualTo(expected);
      }
    }
  }

  /** More processes than shards: some have nothing to add. */
  @Test
  void thoseWithoutAShardHandOnWhatTheyGet() {
    FitOptions options = FitOptions.epochs(1).withBatchSize(26);
    Dataset few = SmallRun.data().slice(0, 27); // the last batch is one sample
    try (Model alone = SmallRun.model(1);
        Model shared = SmallRun.model(1).onBackend(ReplicaPlan.backend(5, 1000))) {
      alone.fit(few, options);
      shared.fit(few, options);
      assertThat(SmallRun.digest(shared)).isEqualTo(SmallRun.digest(alone));
    }
  }

  static Stream<Arguments> refused() {
    Layer answer = Dense.of(4, Activation.SOFTMAX);
    return Stream.of(
        Arguments.of("BatchNormalization", model(BatchNormalization.withDefaults(), answer)),
        Arguments.of(
            "stateful",
            Model.sequential(
                Graph.Input.ofBatches(26, Shape.of(6, 9)), SimpleRnn.of(5).keepingState(), answer)),
        Arguments.of(
            "Embedding",
            Model.sequential(Shape.of(6), Embedding.of(256, 3), SimpleRnn.of(5), answer)));
  }

  private static Model model(Layer first, Layer last) {
    return Model.sequential(Shape.of(6, 9), first, SimpleRnn.of(5), last);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatNeedsTheWholeBatchIsRefusedByName(String named, Model made) {
    try (Model model = made.compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
        ShardedPlan plan = plan(model, 0)) {
      assertThatThrownBy(plan::requireApart)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(named);
    }
  }

  @Test
  void windowsAreRefused() {
    try (Model causal =
            Model.sequential(Shape.of(11, 5), SimpleRnn.of(5).returningSequences(), Dense.of(4))
                .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
        ShardedPlan plan = plan(causal, 3)) {
      assertThatThrownBy(plan::takeBatch)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("windows");
    }
  }

  @Test
  void theHalvesOfAStepComeInTheirOrder() {
    try (Model model = SmallRun.model(1);
        ShardedPlan plan = plan(model, 0);
        Arena arena = Arena.ofConfined()) {
      Dataset data = SmallRun.data();
      plan.bind(data);
      plan.beginEpoch(new int[] {0, 1, 2}, 2);
      Totals totals = new Totals(model.metrics());
      assertThatThrownBy(() -> plan.accumulate(0, 1)).hasMessageContaining("taken");
      assertThatThrownBy(() -> plan.apply(totals)).hasMessageContaining("taken");
      int shards = plan.takeBatch();
      assertThatThrownBy(() -> plan.accumulate(0, shards + 1)).hasMessageContaining("shards");
      plan.accumulate(0, shards);
      MemorySegment part = arena.allocate(64);
      plan.addGradients(part, 0);
      assertThatThrownBy(() -> plan.addGradients(part, 1)).hasMessageContaining("part of a sum");
      assertThatThrownBy(() -> plan.setGradients(part, plan.gradientSize()))
          .hasMessageContaining("part of a sum");
      assertThatThrownBy(() -> plan.readResults(new double[1])).hasMessageContaining("room");
      plan.evaluate(data, 2, new Totals(model.metrics())); // has the batch's place
      assertThatThrownBy(() -> plan.apply(totals)).hasMessageContaining("taken");
      assertThat(plan.takeBatch()).isEqualTo(shards); // which has not moved on
    }
  }

  private static ShardedPlan plan(Model model, int window) {
    PlanOptions options = new PlanOptions(26, 1, 0, window);
    return (ShardedPlan) new CpuBackend().compile(model.spec(), options);
  }
}
