package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of a stream are answered as one machine answers the sequences that they make. */
class KeyedScoringTest {
  private static final StructType EVENT =
      new StructType().add("sensor", "string").add("time", "bigint").add("reading", "array<float>");
  private static SparkSession session;
  @TempDir private Path folder;
  private int files;

  @BeforeAll
  static void start() {
    session =
        LocalCluster.builder("local[2]")
            // With timeouts there would always be one more, and a query would never have all.
            .config("spark.sql.streaming.noDataMicroBatches.enabled", false)
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  /** Any number of steps, an LSTM with two states below a GRU. */
  private static Model model(int seed) {
    Graph.Input any = new Graph.Input("series", Shape.of(1, 2), true, 0);
    return Model.sequential(any, Lstm.of(4).returningSequences(), Gru.of(3), Dense.of(2))
        .withSeed(seed)
        .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
  }

  private static KeyedScoring scoring(int seed) {
    try (Model model = model(seed)) {
      return KeyedScoring.of(LanewiseModel.of(model).setInputCol("reading")).setKeyCols("sensor");
    }
  }

  private static float[] reading(int sensor, int time) {
    return new float[] {(sensor + 1) * time / 8f - 1, sensor - time / 4f};
  }

  /** Returns the answer to a sensor's events of these times, as one machine has it. */
  private static List<Float> answer(Model model, int sensor, int from, int to) {
    float[] values = new float[(to - from + 1) * 2];
    for (int time = from; time <= to; time++) {
      System.arraycopy(reading(sensor, time), 0, values, (time - from) * 2, 2);
    }
    Shape shape = Shape.of(to - from + 1, 2);
    float[] outputs = model.predict(Dataset.of(shape, values, new float[] {0}, 1), 1);
    return List.of(outputs[0], outputs[1]);
  }

  private static Row event(int sensor, int time) {
    float[] reading = reading(sensor, time);
    return RowFactory.create("s" + sensor, (long) time, List.of(reading[0], reading[1]));
  }

  /** Adds a file, which is a micro-batch. */
  private void arrive(List<Row> events) throws IOException {
    List<String> lines =
        events.stream()
            .map(
                row ->
                    "{\"sensor\":\""
                        + row.getString(0)
                        + "\",\"time\":"
                        + row.getLong(1)
                        + ",\"reading\":"
                        + row.get(2)
                        + "}")
            .toList();
    Path file = folder.resolve("in" + files + ".json");
    Files.write(file, lines);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L + 60_000L * files++));
    Files.createDirectories(folder.resolve("in"));
    Files.move(file, folder.resolve("in").resolve(file.getFileName()));
  }

  /** Runs the query from its checkpoint until all files that there are have been answered. */
  private void run(KeyedScoring scoring) throws Exception {
    scoring
        .transform(
            session
                .readStream()
                .schema(EVENT)
                .option("maxFilesPerTrigger", 1)
                .json(folder.resolve("in").toString()))
        .writeStream()
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .format("parquet")
        .start(folder.resolve("out").toString())
        .awaitTermination();
  }

  /** Returns the answers by sensor and time, each of which is there once. */
  private Map<String, List<Float>> answers() {
    Map<String, List<Float>> answers = new HashMap<>();
    for (Row row : session.read().parquet(folder.resolve("out").toString()).collectAsList()) {
      String event = row.getString(0) + "@" + row.getLong(1);
      assertThat(answers.put(event, row.getList(3))).as(event).isNull();
    }
    assertThat(SharedScorer.open()).as("scorers that outlive the tasks").isZero();
    return answers;
  }

  @Test
  void eachEventIsAnsweredAsTheSequenceSoFarAcrossARestart() throws Exception {
    Map<String, List<Float>> expected = new HashMap<>();
    try (Model model = model(1)) {
      for (int batch = 0; batch < 3; batch++) {
        List<Row> events = new ArrayList<>();
        for (int time = batch * 3; time < batch * 3 + 3; time++) {
          for (int sensor = 0; sensor < 3; sensor++) {
            events.add(event(sensor, time));
            expected.put("s" + sensor + "@" + time, answer(model, sensor, 0, time));
          }
        }
        Collections.shuffle(events, new Random(batch));
        arrive(events);
        if (batch > 0) {
          run(scoring(1)); // two micro-batches, then another query that goes on
        }
      }
    }
    assertThat(answers()).isEqualTo(expected);

    arrive(List.of(event(0, 9)));
    assertThatThrownBy(() -> run(scoring(2)))
        .hasStackTraceContaining("the state of key [s0] in the checkpoint is of a model with the");
    run(scoring(1)); // the event is not lost
    assertThat(answers()).hasSize(expected.size() + 1);
  }

  @Test
  void aKeyThatSaysNothingForLongIsForgotten() throws Exception {
    KeyedScoring scoring = scoring(1).setTimeout(Duration.ofMillis(1));
    arrive(List.of(event(0, 0), event(1, 0)));
    arrive(List.of(event(1, 1)));
    arrive(List.of(event(0, 2), event(1, 2)));
    run(scoring);
    try (Model model = model(1)) {
      assertThat(answers())
          .containsEntry("s0@0", answer(model, 0, 0, 0))
          .containsEntry("s0@2", answer(model, 0, 2, 2))
          .containsEntry("s1@2", answer(model, 1, 0, 2));
    }
  }

  @Test
  void tablesAreAnsweredAsWholeSequences() {
    List<Row> events = new ArrayList<>();
    IntStream.range(0, 20).forEach(time -> events.add(event(time % 2, time / 2)));
    Collections.shuffle(events, new Random(5));
    List<Row> answered =
        scoring(1)
            .transform(session.createDataFrame(events, EVENT))
            .orderBy("sensor", "time")
            .collectAsList();
    try (Model model = model(1)) {
      for (int r = 0; r < 20; r++) {
        assertThat(answered.get(r).getList(3)).isEqualTo(answer(model, r / 10, 0, r % 10));
      }
    }
  }

  @Test
  void whatCannotBeAStreamIsRefusedAtOnce() {
    try (Model model =
        Model.sequential(Shape.of(4, 2), Bidirectional.of(Gru.of(2)))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      LanewiseModel scoring = LanewiseModel.of(model);
      assertThatThrownBy(() -> KeyedScoring.of(scoring))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("layer 0 (bidirectional) reads the sequence from its end");
    }
    org.apache.spark.sql.Dataset<Row> events = session.createDataFrame(List.of(), EVENT);
    assertThatThrownBy(() -> scoring(1).setKeyCols("name").transform(events))
        .hasMessageContaining("there is no column name, the table has [sensor, time, reading]");
    assertThatThrownBy(() -> scoring(1).setOrderCols("reading").transform(events))
        .hasMessageContaining("column reading must be numbers, times or text");
    assertThatThrownBy(() -> scoring(1).setTimeout(Duration.ZERO))
        .hasMessageContaining("at least a millisecond");
    assertThatThrownBy(() -> scoring(1).setKeyCols().transform(events))
        .hasMessageContaining("at least one column is needed");
    List<Row> alike =
        List.of(
            RowFactory.create("a", null, List.of(1f, 2f)),
            RowFactory.create("a", 1L, List.of(1f, 2f)));
    assertThatThrownBy(
            () -> scoring(1).transform(session.createDataFrame(alike, EVENT)).collectAsList())
        .hasStackTraceContaining("column time: an event has no place in the order");
  }
}
