package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.DivergedException;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Executors of their own processes come to the bits of one machine. */
class SparkFitTest {
  private static final Dataset DATA = Founding.pictures(400); // 320 to train on: 150, 150 and 20
  private static SparkSession session;

  @BeforeAll
  static void start() {
    session = LocalCluster.start(2, 1024);
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  /** Both a fit from the start and one that goes on with the optimizer's state. */
  @ParameterizedTest
  @EnumSource
  void twoExecutorsTrainToTheBitsOfOneMachine(SparkFit.Exchange exchange) {
    try (Model alone = Founding.model();
        Model shared = Founding.model()) {
      int fits =
          exchange == SparkFit.Exchange.TCP ? 2 : 1; // a round through the driver is a second
      for (int i = 0; i < fits; i++) {
        History history = alone.fit(DATA, Founding.options(1));
        FitResult result =
            SparkFit.on(session)
                .withTasks(2)
                .withExchange(exchange)
                .fit(shared, DATA, Founding.options(1));
        assertThat(result.weightsSha256()).isEqualTo(Weights.sha256(alone.parameters()));
        assertThat(shared.parameters()).usingRecursiveComparison().isEqualTo(alone.parameters());
        assertThat(result.history().history()).isEqualTo(history.history());
        assertThat(result.tasks()).hasSize(2).allSatisfy(t -> assertThat(t.steps()).isEqualTo(3));
        assertThat(result.tasks()).extracting(FitResult.TaskTimes::address).doesNotHaveDuplicates();
      }
    }
  }

  /** What is drawn depends on the model's seed, and a schedule or a rate of its own is kept. */
  @Test
  void dropoutDrawsTheSameOnExecutors() {
    try (Model alone = dropping();
        Model shared = dropping()) {
      alone.fit(DATA, Founding.options(1));
      SparkFit.on(session).withTasks(2).fit(shared, DATA, Founding.options(1));
      assertThat(shared.parameters()).usingRecursiveComparison().isEqualTo(alone.parameters());
    }
  }

  private static Model dropping() {
    return Model.sequential(
            Shape.of(28, 28), Lstm.of(5), Dropout.of(0.5), Dense.of(10, Activation.SOFTMAX))
        .withSeed(77)
        .compile(Adam.of(0.003), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  /** It is told as one machine does, and not tried again. */
  @Test
  void aLossThatIsNoNumberEndsTheFit() {
    try (Model model =
        Model.sequential(Shape.of(28, 28), SimpleRnn.of(5), Dense.of(10))
            .compile(Sgd.of(1e30), Loss.MEAN_SQUARED_ERROR)) {
      Dataset numbers = Dataset.of(Shape.of(28, 28), ones(300 * 784), ones(300 * 10), 10);
      assertThatThrownBy(
              () -> SparkFit.on(session).withTasks(2).fit(model, numbers, Founding.options(1)))
          .isInstanceOf(DivergedException.class);
    }
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void whatNeedsTheWholeBatchIsRefusedBeforeAnyTask() {
    try (Model model =
        Model.sequential(
                Shape.of(28, 28), BatchNormalization.withDefaults(), SimpleRnn.of(5), Dense.of(10))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> SparkFit.on(session).fit(model, DATA, Founding.options(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("BatchNormalization");
    }
  }
}
