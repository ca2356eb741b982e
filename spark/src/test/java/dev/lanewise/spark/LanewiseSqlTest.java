package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SQL gives the answers of a transformation. */
class LanewiseSqlTest {
  private static SparkSession session;
  private static Dataset<Row> table;

  @BeforeAll
  static void start() {
    session = LocalCluster.builder("local[2]").getOrCreate();
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < 40; r++) {
      rows.add(RowFactory.create(r, List.of(r / 8f, 1f - r, 3f, r % 5f), (double) r));
    }
    StructType schema =
        new StructType().add("id", "int").add("series", "array<float>").add("age", "double");
    table = session.createDataFrame(rows, schema);
    table.createOrReplaceTempView(
        "planned"); // its rows are in the plan, and the driver's to answer
    table.repartition(3).createOrReplaceTempView("spread");
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private static LanewiseModel ofOneInput(int seed) {
    try (Model model =
        Model.sequential(Shape.of(2, 2), Gru.of(3), Dense.of(2))
            .withSeed(seed)
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      return LanewiseModel.of(model);
    }
  }

  private static LanewiseModel ofTwoInputs() {
    try (Model model =
        Model.graph(
                g -> {
                  var series = g.apply(Gru.of(3), g.input("series", Shape.of(2, 2)));
                  var both = g.apply(Concatenate.FEATURES, series, g.input("age", Shape.of(1)));
                  g.output(g.apply(Dense.of(2), both));
                  g.output(g.apply(Dense.of(1), both));
                })
            .compile(
                Adam.withDefaults(),
                List.of(
                    OutputSpec.of("kind", Loss.MEAN_SQUARED_ERROR),
                    OutputSpec.of("size", Loss.MEAN_SQUARED_ERROR)))) {
      return LanewiseModel.of(model);
    }
  }

  private static List<Row> sql(String query) {
    return session.sql(query).collectAsList();
  }

  @Test
  void selectsGiveTheAnswersOfTheModelWithThatName() {
    LanewiseSql.register(session, "small", ofOneInput(1));
    List<Row> expected =
        ofOneInput(1)
            .setInputCol("series")
            .transform(table)
            .select("id", "prediction")
            .collectAsList();
    String call = "SELECT id, lanewise_predict('small', series) FROM ";
    assertThat(sql(call + "spread ORDER BY id")).isEqualTo(expected);
    assertThat(SharedScorer.open()).as("scorers that outlive the tasks").isZero();
    assertThat(sql(call + "planned")).isEqualTo(expected);
    assertThat(sql("SELECT count(*) FROM spread WHERE lanewise_predict('small', series)[0] > 9"))
        .containsExactly(RowFactory.create(0L));

    LanewiseSql.register(session, "small", ofOneInput(2));
    List<Row> others =
        ofOneInput(2)
            .setInputCol("series")
            .transform(table)
            .select("id", "prediction")
            .collectAsList();
    assertThat(others).isNotEqualTo(expected);
    assertThat(sql(call + "spread ORDER BY id")).isEqualTo(others);
    assertThat(sql(call + "planned")).isEqualTo(others);
    LanewiseSql.unregister(session, "small");
    assertThat(SharedScorer.open()).as("the driver's").isZero();
    assertThatThrownBy(() -> sql(call + "spread"))
        .hasStackTraceContaining("there is no model 'small', this session has [");
    assertThatThrownBy(() -> LanewiseSql.unregister(session, "small"))
        .hasMessageContaining("there is no model 'small'");
  }

  @Test
  void severalOutputsAreAStructAndNoInputIsNoAnswer() {
    LanewiseSql.register(session, "two", ofTwoInputs());
    List<Row> expected = ofTwoInputs().transform(table).select("kind", "size").collectAsList();
    assertThat(
            sql(
                "SELECT answer.kind, answer.size FROM"
                    + " (SELECT id, lanewise_predict('two', series, age) AS answer FROM spread)"
                    + " ORDER BY id"))
        .isEqualTo(expected);
    assertThat(sql("SELECT lanewise_predict('two', series, nullif(id, id)) FROM spread LIMIT 1"))
        .allMatch(row -> row.isNullAt(0));
  }

  @Test
  void callsThatDoNotFitAreRefusedAtOnce() {
    LanewiseSql.register(session, "one", ofOneInput(1));
    refused("lanewise_predict('one', series, age)", "takes 1 inputs, [input_layer [2, 2]]");
    refused("lanewise_predict('one', 'text')", "column 'text' must be arrays of numbers");
    refused("lanewise_predict(series, 'one')", "the first argument must be a model's name");
    refused("lanewise_predict()", "the first argument must be a model's name");
    refused("lanewise_predict('none', series)", "there is no model 'none', this session has [");
  }

  private static void refused(String call, String message) {
    assertThatThrownBy(() -> session.sql("SELECT " + call + " FROM spread"))
        .hasStackTraceContaining(message);
  }
}
