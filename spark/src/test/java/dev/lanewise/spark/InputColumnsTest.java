package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
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

/** Whatever kind of column an input is, answers are those of one machine. */
class InputColumnsTest {
  private static final int ROWS = 60;
  private static SparkSession session;

  @BeforeAll
  static void start() {
    session = LocalCluster.builder("local[2]").getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private static float[] values(int count, int seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(64) / 32f - 1; // exact in every kind of number
    }
    return values;
  }

  private static List<Float> list(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  /** Returns a sequence as a list of its steps. */
  private static List<List<Float>> steps(float[] values, int features) {
    return IntStream.range(0, values.length / features)
        .mapToObj(s -> list(Arrays.copyOfRange(values, s * features, (s + 1) * features)))
        .toList();
  }

  private static float[] alone(Model model, float[] values, Shape shape) {
    return model.predict(Dataset.of(shape, values, new float[] {0}, 1), 1);
  }

  private static org.apache.spark.sql.Dataset<Row> table(List<Row> rows, StructType schema) {
    return session.createDataFrame(rows, schema).repartition(3);
  }

  private static void requireAnswers(
      LanewiseModel scoring, org.apache.spark.sql.Dataset<Row> table, List<float[]> expected) {
    List<Row> rows = scoring.setBatchSize(16).transform(table).orderBy("id").collectAsList();
    assertThat(rows).hasSameSizeAs(expected);
    for (int r = 0; r < rows.size(); r++) {
      assertThat(rows.get(r).getInt(0)).isEqualTo(r);
      List<Float> answer = rows.get(r).getList(rows.get(r).fieldIndex("prediction"));
      assertThat(answer).as("row " + r).isEqualTo(list(expected.get(r)));
    }
    assertThat(SharedScorer.open()).as("scorers that outlive the tasks").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"array<array<float>>", "array<array<double>>", "array<decimal(8,5)>"})
  void everyKindOfArrayHasTheSameAnswers(String kind) {
    try (Model model =
        Model.sequential(Shape.of(6, 3), Gru.of(5), Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      DataType type = DataType.fromDDL(kind);
      List<Row> rows = new ArrayList<>();
      List<float[]> expected = new ArrayList<>();
      for (int r = 0; r < ROWS; r++) {
        float[] values = values(18, r);
        expected.add(alone(model, values, Shape.of(6, 3)));
        rows.add(
            RowFactory.create(r, kind.contains("array<array") ? steps(values, 3) : list(values)));
      }
      StructType schema = new StructType().add("id", "int").add("features", "array<array<float>>");
      org.apache.spark.sql.Dataset<Row> table =
          kind.contains("array<array")
              ? table(rows, schema)
              : table(rows, new StructType().add("id", "int").add("features", "array<float>"));
      org.apache.spark.sql.Dataset<Row> cast =
          table.withColumn("features", table.col("features").cast(type));
      requireAnswers(LanewiseModel.of(model), cast, expected);
    }
  }

  @Test
  void denseAndSparseVectorsAreRead() {
    try (Model model =
        Model.sequential(Shape.of(6, 3), Gru.of(5), Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      List<Row> rows = new ArrayList<>();
      List<float[]> expected = new ArrayList<>();
      for (int r = 0; r < ROWS; r++) {
        float[] values = values(18, r);
        Arrays.fill(values, 3, 9, 0);
        expected.add(alone(model, values, Shape.of(6, 3)));
        double[] wide = IntStream.range(0, 18).mapToDouble(i -> values[i]).toArray();
        Vector vector = Vectors.dense(wide);
        rows.add(RowFactory.create(r, r % 2 == 0 ? vector.toSparse() : vector));
      }
      StructType schema =
          new StructType().add("id", "int").add("features", SQLDataTypes.VectorType());
      requireAnswers(LanewiseModel.of(model), table(rows, schema), expected);
    }
  }

  /** More lengths than predictors stay open, and each of them again, in each of the partitions. */
  @Test
  void sequencesOfAnyLengthAreAnsweredAsIfAlone() {
    Graph.Input any = new Graph.Input("series", Shape.of(1, 3), true, 0);
    try (Model model =
        Model.sequential(any, Bidirectional.of(Gru.of(4)), Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      List<Row> nested = new ArrayList<>();
      List<Row> flat = new ArrayList<>();
      List<float[]> expected = new ArrayList<>();
      for (int r = 0; r < 2 * Scorer.MOST + 8; r++) {
        int steps = r % (Scorer.MOST + 4) + 1;
        float[] values = values(steps * 3, r);
        expected.add(alone(model, values, Shape.of(steps, 3)));
        nested.add(RowFactory.create(r, steps(values, 3)));
        flat.add(RowFactory.create(r, list(values)));
      }
      StructType id = new StructType().add("id", "int");
      LanewiseModel scoring = LanewiseModel.of(model);
      requireAnswers(scoring, table(nested, id.add("features", "array<array<float>>")), expected);
      requireAnswers(scoring, table(flat, id.add("features", "array<float>")), expected);
    }
  }

  @Test
  void shortSequencesAreFilledUpWithWhatIsMasked() {
    try (Model model =
        Model.sequential(Shape.of(9, 3), new Masking(-7), Lstm.of(4), Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      List<Row> rows = new ArrayList<>();
      List<float[]> expected = new ArrayList<>();
      for (int r = 0; r < ROWS; r++) {
        float[] values = values((r % 9 + 1) * 3, r);
        rows.add(RowFactory.create(r, steps(values, 3)));
        float[] filled = Arrays.copyOf(values, 27);
        Arrays.fill(filled, values.length, 27, -7);
        expected.add(alone(model, filled, Shape.of(9, 3)));
      }
      StructType schema = new StructType().add("id", "int").add("features", "array<array<float>>");
      requireAnswers(LanewiseModel.of(model), table(rows, schema), expected);
    }
  }

  private static Model ofTwoInputs() {
    return Model.graph(
            g -> {
              var series = g.input("series", Shape.of(5, 3));
              var age = g.input("age", Shape.of(1));
              var both = g.apply(Concatenate.FEATURES, g.apply(Gru.of(6), series), age);
              g.output(g.apply(Dense.of(3, Activation.SOFTMAX), both));
              g.output(g.apply(Dense.of(2), both));
            })
        .compile(
            Adam.withDefaults(),
            List.of(
                OutputSpec.of("kind", Loss.CATEGORICAL_CROSSENTROPY),
                OutputSpec.of("size", Loss.MEAN_SQUARED_ERROR)));
  }

  @Test
  void eachInputAndEachOutputIsAColumn() {
    try (Model model = ofTwoInputs()) {
      List<Row> rows = new ArrayList<>();
      List<List<Float>> expected = new ArrayList<>();
      for (int r = 0; r < ROWS; r++) {
        float[] values = values(16, r);
        Dataset sample =
            Dataset.of(List.of(Shape.of(5, 3), Shape.of(1)), values, new float[] {0}, 1);
        expected.add(list(model.predict(sample, 1)));
        float[] series = Arrays.copyOf(values, 15);
        rows.add(RowFactory.create(r, (double) values[15], steps(series, 3)));
      }
      StructType schema =
          new StructType()
              .add("id", "int")
              .add("AGE", "double")
              .add("series", "array<array<float>>");
      LanewiseModel scoring = LanewiseModel.of(model);
      List<Row> answers =
          scoring.transform(table(rows, schema)).orderBy("id").drop("series").collectAsList();
      assertThat(answers.getFirst().schema().fieldNames())
          .containsExactly("id", "AGE", "kind", "size");
      for (int r = 0; r < ROWS; r++) {
        assertThat(answers.get(r).getList(2)).isEqualTo(expected.get(r).subList(0, 3));
        assertThat(answers.get(r).getList(3)).isEqualTo(expected.get(r).subList(3, 5));
      }
      assertThatThrownBy(() -> scoring.setOutputCol("all").transformSchema(schema))
          .hasMessageContaining("the model has 2 outputs, found columns [all] for them");
    }
  }

  @Test
  void rowsThatDoNotFitEndTheJobByName() {
    Graph.Input any = new Graph.Input("series", Shape.of(1, 3), true, 0);
    try (Model model =
        Model.sequential(any, Gru.of(4)).compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      LanewiseModel scoring = LanewiseModel.of(model);
      StructType flat = new StructType().add("features", "array<float>");
      StructType nested = new StructType().add("features", "array<array<float>>");
      refused(scoring, flat, List.of(1f, 2f), "a step has 3 values, a row has 2 in all");
      refused(scoring, flat, List.of(), "a row has no steps");
      refused(scoring, flat, null, "a row has no value");
      refused(scoring, flat, Arrays.asList(1f, null, 2f), "a value of a row is missing");
      refused(
          scoring,
          nested,
          List.of(List.of(1f, 2f, 3f), List.of(1f)),
          "the model takes 3 values, an array of a row has 1");
      refused(
          scoring, nested, Arrays.asList(List.of(1f, 2f, 3f), null), "a value of a row is missing");
      StructType words = new StructType().add("features", DataTypes.StringType);
      assertThatThrownBy(() -> scoring.transformSchema(words))
          .hasMessageContaining("for the input series [any, 3], or arrays of such arrays, or")
          .hasMessageEndingWith("vectors, found string");
    }
  }

  private static void refused(
      LanewiseModel scoring, StructType schema, Object value, String message) {
    org.apache.spark.sql.Dataset<Row> table =
        session.createDataFrame(List.of(RowFactory.create(value)), schema);
    assertThatThrownBy(() -> scoring.transform(table).collectAsList())
        .hasStackTraceContaining("column features: " + message);
    assertThat(SharedScorer.open()).isZero();
  }
}
