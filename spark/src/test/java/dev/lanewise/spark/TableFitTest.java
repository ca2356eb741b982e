package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table is trained on to the bits of one machine, however it lies. */
class TableFitTest {
  private static final int COUNT = 90;
  private static final int SIZE = 20;
  private static final FitOptions OPTIONS =
      FitOptions.epochs(2).withBatchSize(25).withValidationSplit(0.2).withSeed(4);
  private static SparkSession session;

  /** A row of the table, and what it is to be. */
  private record Sample(long id, List<Float> x, int y) {
    byte[] sha256() {
      try {
        ByteBuffer bytes = ByteBuffer.allocate(84).order(ByteOrder.LITTLE_ENDIAN);
        x.forEach(bytes::putFloat);
        bytes.putFloat(y);
        return MessageDigest.getInstance("SHA-256").digest(bytes.array());
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
  }

  @BeforeAll
  static void start() {
    session = LocalCluster.builder("local[2]").getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  /** Ids below and above zero, in no order, with gaps. */
  private static List<Sample> samples() {
    SplitMix64 random = new SplitMix64(3);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      List<Float> x = new ArrayList<>();
      for (int k = 0; k < SIZE; k++) {
        x.add(random.nextInt(1000) / 500f - 1);
      }
      samples.add(new Sample(i * 37 % COUNT * 3L - 100, x, random.nextInt(3)));
    }
    return samples;
  }

  private static StructType schema(DataType id) {
    return new StructType()
        .add("y", DataTypes.IntegerType)
        .add("the.x", DataTypes.createArrayType(DataTypes.FloatType))
        .add("id", id);
  }

  private static org.apache.spark.sql.Dataset<Row> table(List<Row> rows) {
    return session.createDataFrame(rows, schema(DataTypes.LongType));
  }

  private static Row row(Sample sample) {
    return RowFactory.create(sample.y(), sample.x(), sample.id());
  }

  private static org.apache.spark.sql.Dataset<Row> shuffled(int partitions) {
    List<Sample> samples = samples();
    Collections.shuffle(samples, new Random(partitions));
    return table(samples.stream().map(TableFitTest::row).toList()).repartition(partitions);
  }

  private static Model model() {
    return Model.sequential(Shape.of(4, 5), SimpleRnn.of(8), Dense.of(3, Activation.SOFTMAX))
        .withSeed(1)
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static String alone(Comparator<Sample> order) {
    List<Sample> samples = samples();
    samples.sort(order);
    float[] x = new float[COUNT * SIZE];
    IntStream.range(0, x.length).forEach(i -> x[i] = samples.get(i / SIZE).x().get(i % SIZE));
    int[] y = samples.stream().mapToInt(Sample::y).toArray();
    try (Model model = model()) {
      model.fit(Dataset.of(Shape.of(4, 5), x, y, 3), OPTIONS);
      return Weights.sha256(model.parameters());
    }
  }

  private static String shared(org.apache.spark.sql.Dataset<Row> table, TrainingColumns columns) {
    try (Model model = model()) {
      return SparkFit.on(session).withTasks(2).fit(model, table, columns, OPTIONS).weightsSha256();
    }
  }

  private static final TrainingColumns COLUMNS = TrainingColumns.of("the.x", "y");

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void samplesAreInTheOrderOfTheirIds(int partitions) {
    assertThat(shared(shuffled(partitions), COLUMNS.withId("id")))
        .isEqualTo(alone(Comparator.comparingLong(Sample::id)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void withoutIdsTheyAreInThatOfTheirDigests(int partitions) {
    assertThat(shared(shuffled(partitions), COLUMNS))
        .isEqualTo(alone(Comparator.comparing(Sample::sha256, Comparator.comparing(hex()))));
  }

  private static java.util.function.Function<byte[], String> hex() {
    return HexFormat.of()::formatHex;
  }

  @Test
  void aTableMayBeParquetWithTextsForIds(@TempDir Path folder) {
    String file = folder.resolve("table").toString();
    shuffled(3).selectExpr("y", "`the.x`", "cast(id as string) id").write().parquet(file);
    assertThat(shared(session.read().parquet(file), COLUMNS.withId("id")))
        .isEqualTo(alone(Comparator.comparing(sample -> String.valueOf(sample.id()))));
  }

  /** What is wrong with row 7, as SQL. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          the.x; null                                              ; row 7, column the.x: a row has no value
          the.x; slice(`the.x`, 1, 19)                             ; row 7, column the.x: the model takes 20 values, a row has 19
          the.x; transform(`the.x`, (v, i) -> if(i = 3, null, v))  ; row 7, column the.x: a value of a row is missing
          the.x; transform(`the.x`, v -> float('NaN'))             ; row 7, column the.x: a value is NaN
          y    ; null                                              ; row 7, column y: there is no value
          y    ; 3                                                 ; row 7, column y: a class must be a whole number from 0 to 2, found 3.0
          id   ; null                                              ; row without an id, column id: there is no id
          id   ; 10                                                ; row 10, column id: two rows have this id
          """)
  void whatIsNoSampleIsRefusedByRowAndColumn(String column, String wrong, String message) {
    List<Row> rows = new ArrayList<>();
    for (Sample sample : samples().subList(0, 12)) {
      rows.add(RowFactory.create(sample.y(), sample.x(), (long) rows.size()));
    }
    String value = "if(id = 7, " + wrong + ", `" + column + "`)";
    if (wrong.equals("10")) {
      value = "if(id = 7, 10L, id)";
    }
    org.apache.spark.sql.Dataset<Row> table =
        table(rows).repartition(3).withColumn(column, org.apache.spark.sql.functions.expr(value));
    assertThatThrownBy(() -> shared(table, COLUMNS.withId("id")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"X,y,id,there is no column X", "y,the.x,id,column y must be", "the.x,y,the.x,texts"})
  void columnsThatCannotBeItAreRefused(String x, String y, String id, String message) {
    assertThatThrownBy(() -> shared(shuffled(1), TrainingColumns.of(x, y).withId(id)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
