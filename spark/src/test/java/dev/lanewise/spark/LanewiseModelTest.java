package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executors answer as one machine does. */
class LanewiseModelTest {
  private static final int ROWS = 203;
  private static final int VALUES = 6 * 3;
  private static final float[] FEATURES = features();
  private static SparkSession session;

  @BeforeAll
  static void start() {
    session = LocalCluster.builder("local[2]").getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private static float[] features() {
    SplitMix64 random = new SplitMix64(3);
    float[] features = new float[ROWS * VALUES];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextInt(1000) / 500f - 1;
    }
    return features;
  }

  private static Model model() {
    return Model.sequential(Shape.of(6, 3), Gru.of(7), Dense.of(4, Activation.SOFTMAX))
        .withSeed(2)
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static org.apache.spark.sql.Dataset<Row> table(DataType numbers, int length) {
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      Object[] values = new Object[length];
      for (int i = 0; i < length; i++) {
        float value = FEATURES[r * VALUES + i];
        values[i] = numbers.equals(DataTypes.DoubleType) ? (Object) (double) value : value;
      }
      rows.add(RowFactory.create(r, Arrays.asList(values)));
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("series", DataTypes.createArrayType(numbers));
    return session.createDataFrame(rows, schema).repartition(5);
  }

  /** Five partitions, two at a time, and batches that do not divide them. */
  @ParameterizedTest
  @ValueSource(strings = {"float", "double"})
  void rowsKeepTheirColumnsAndGetTheAnswersOfOneMachine(String numbers) {
    try (Model model = model()) {
      float[] zeros = new float[ROWS];
      float[] expected = model.predict(Dataset.of(Shape.of(6, 3), FEATURES, zeros, 1), ROWS);
      List<Row> rows =
          LanewiseModel.of(model)
              .setInputCol("series")
              .setOutputCol("answer")
              .setBatchSize(16)
              .transform(table(DataType.fromDDL(numbers), VALUES))
              .orderBy("id")
              .collectAsList();
      assertThat(rows).hasSize(ROWS);
      for (int r = 0; r < ROWS; r++) {
        assertThat(rows.get(r).getInt(0)).isEqualTo(r);
        assertThat(rows.get(r).getList(1)).hasSize(VALUES);
        List<Float> answer = rows.get(r).getList(2);
        for (int c = 0; c < 4; c++) {
          assertThat(answer.get(c)).isEqualTo(expected[r * 4 + c]);
        }
      }
      assertThat(SharedScorer.open()).as("predictors that outlive the tasks").isZero();
    }
  }

  /** A job that failed is over before all of its tasks are, which end on their own. */
  private static void assertNoneStaysOpen() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (SharedScorer.open() > 0 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(SharedScorer.open()).as("predictors that outlive the tasks").isZero();
  }

  @Test
  void aRowOfAnotherLengthEndsTheJobByName() throws InterruptedException {
    try (Model model = model()) {
      LanewiseModel scoring = LanewiseModel.of(model).setInputCol("series");
      assertThatThrownBy(() -> scoring.transform(table(DataTypes.FloatType, 5)).collectAsList())
          .hasStackTraceContaining("column series: the model takes 18 values, a row has 5");
      assertNoneStaysOpen();
    }
  }

  @Test
  void columnsThatDoNotFitAreRefusedAtOnce() {
    try (Model model = model()) {
      LanewiseModel scoring = LanewiseModel.of(model).setInputCol("id");
      org.apache.spark.sql.Dataset<Row> table = table(DataTypes.FloatType, VALUES);
      assertThatThrownBy(() -> scoring.transform(table))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "column id must be arrays of numbers for the input input_layer [6, 3]");
      assertThatThrownBy(() -> scoring.setInputCol("pixels").transform(table))
          .hasMessageContaining("there is no column pixels, the table has [id, series]");
      assertThatThrownBy(() -> scoring.setInputCols("series", "id").transform(table))
          .hasMessageContaining("takes 1 inputs, [input_layer [6, 3]], found columns [series, id]");
      assertThatThrownBy(() -> scoring.setInputCol("series").setOutputCol("ID").transform(table))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("already");
    }
  }
}
