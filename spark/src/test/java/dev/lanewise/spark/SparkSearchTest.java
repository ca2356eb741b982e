package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Settings are judged alike by any number of executors. */
class SparkSearchTest {
  private static final Dataset DATA = Founding.pictures(200);
  private static final FitOptions OPTIONS =
      FitOptions.epochs(4).withBatchSize(40).withValidationSplit(0.2).withSeed(2);
  private static final SearchSpace SPACE =
      SearchSpace.empty().choice("units", 4, 6).magnitude("rate", 1e-3, 1);

  private static Model model(Map<String, Double> setting) {
    return Model.sequential(
            Shape.of(28, 28),
            SimpleRnn.of(setting.get("units").intValue()),
            Dense.of(10, Activation.SOFTMAX))
        .withSeed(5)
        .compile(Sgd.of(setting.get("rate")), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static SearchResult halved(String master) {
    SparkSession session = LocalCluster.builder(master).getOrCreate();
    try {
      return SparkSearch.on(session)
          .withHalving(1, 2)
          .run(SparkSearchTest::model, SPACE.random(6, 11), DATA, OPTIONS);
    } finally {
      session.stop();
    }
  }

  @Test
  void theTableIsTheSameOnAnyCoresAndTheBestIsThatOfOneMachine() {
    SearchResult result = halved("local[3]");
    assertThat(halved("local[1]").table()).isEqualTo(result.table());
    assertThat(result.trials()).extracting(Trial::epochs).containsExactly(4, 4, 2, 1, 1, 1);
    for (Trial each : result.trials()) { // also of those that went on, twice
      try (Model alone = model(each.setting())) {
        assertThat(each.history().history())
            .isEqualTo(alone.fit(DATA, OPTIONS.withEpochs(each.epochs())).history());
        assertThat(each.weightsSha256()).isEqualTo(Weights.sha256(alone.parameters()));
      }
    }
    assertThat(result.best().last("val_loss"))
        .isLessThanOrEqualTo(result.trials().get(1).last("val_loss"));
    assertThat(result.table().lines()).hasSize(7);
    assertThat(result.curves().lines()).hasSize(1 + 2 * (4 + 4 + 2 + 1 + 1 + 1));
    assertThat(result.html()).contains("<polyline", "trial " + result.best().number());
  }

  @Test
  void aSettingThatFailsIsLastAndSaysWhy() {
    SparkSession session = LocalCluster.builder("local[2]").getOrCreate();
    try {
      List<Map<String, Double>> grid =
          SearchSpace.empty().choice("units", 0, 4).choice("rate", 0.01).grid();
      SearchResult result =
          SparkSearch.on(session)
              .withObjective("loss", false)
              .run(SparkSearchTest::model, grid, DATA, OPTIONS.withEpochs(1));
      assertThat(result.best().setting()).containsEntry("units", 4.0);
      assertThat(result.trials().getLast().failure()).contains("units");
      assertThatThrownBy(
              () ->
                  SparkSearch.on(session)
                      .withObjective("f1", true)
                      .run(SparkSearchTest::model, grid, DATA, OPTIONS.withEpochs(1)))
          .hasMessageContaining("reports no f1");
    } finally {
      session.stop();
    }
  }

  @Test
  void aGridIsAllChoicesAndDrawsDependOnTheSeedAlone() {
    SearchSpace choices = SearchSpace.empty().choice("a", 1, 2).choice("b", 3, 4, 5);
    assertThat(choices.grid())
        .hasSize(6)
        .contains(Map.of("a", 1.0, "b", 3.0), Map.of("a", 2.0, "b", 5.0));
    assertThat(SPACE.random(5, 1).subList(0, 3)).isEqualTo(SPACE.random(3, 1));
    assertThat(SPACE.random(5, 1)).isNotEqualTo(SPACE.random(5, 2));
    assertThat(SPACE.random(50, 1))
        .allSatisfy(each -> assertThat(each.get("rate")).isBetween(1e-3, 1.0));
    assertThatThrownBy(SPACE::grid).hasMessageContaining("rate has none");
  }
}
