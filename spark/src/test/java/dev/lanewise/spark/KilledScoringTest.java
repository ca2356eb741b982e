package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** An executor that is killed with -9 in the middle costs no row, and doubles none. */
class KilledScoringTest {
  private static final int ROWS = 1600;
  private static final int PARTITIONS = 8;
  private static final StructType SCHEMA =
      new StructType().add("id", "bigint").add("series", "array<float>");

  private static float[] series(long id) {
    return new float[] {id / 64f, id % 7, 1, id % 3 - 1};
  }

  /** Comes slowly, so that a task is at it when its executor is killed. */
  private static Row slowly(long id) throws InterruptedException {
    Thread.sleep(3);
    return RowFactory.create(id, series(id));
  }

  @Test
  void eachRowIsAnsweredOnce() {
    SparkSession session = LocalCluster.start(2, 512);
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger removed = new AtomicInteger();
    AtomicBoolean killed = new AtomicBoolean();
    session
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                (end.taskInfo().successful() ? ended : failed).incrementAndGet();
                if (ended.get() == 3
                    && !killed.getAndSet(
                        true)) { // both have brought something, and are at their next
                  LocalCluster.executors().findFirst().orElseThrow().destroyForcibly();
                }
              }

              @Override
              public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
                removed.incrementAndGet();
              }
            });
    try (Model model =
        Model.sequential(Shape.of(2, 2), Gru.of(3), Dense.of(2))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      MapFunction<Long, Row> slowly = KilledScoringTest::slowly;
      org.apache.spark.sql.Dataset<Row> table =
          session.range(0, ROWS, 1, PARTITIONS).map(slowly, Encoders.row(SCHEMA));
      // Answers that others had from the executor are gone with it, and are given again.
      List<Row> rows =
          LanewiseModel.of(model)
              .setInputCol("series")
              .setBatchSize(16)
              .transform(table)
              .repartition(2)
              .collectAsList();
      Map<Long, List<Float>> answers = new HashMap<>();
      rows.forEach(row -> assertThat(answers.put(row.getLong(0), row.getList(2))).isNull());
      Map<Long, List<Float>> expected = new HashMap<>();
      IntStream.range(0, ROWS).forEach(id -> expected.put((long) id, answer(model, id)));
      assertThat(answers).isEqualTo(expected);
      assertThat(removed.get()).as("executors that were killed").isEqualTo(1);
      assertThat(failed.get()).as("tasks that died with it").isPositive();
    } finally {
      session.stop();
    }
  }

  private static List<Float> answer(Model model, long id) {
    Dataset one = Dataset.of(Shape.of(2, 2), series(id), new float[] {0}, 1);
    float[] outputs = model.predict(one, 1);
    return List.of(outputs[0], outputs[1]);
  }
}
