package dev.lanewise.spark;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Stepwise;
import dev.lanewise.engine.keras.SavedModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Answers events of many sequences, such as the readings of sensors, each when it comes: a row is a
 * step of its key's sequence, and the answer is that of the sequence so far, with the bits of one
 * machine that is given all of it. Between an event and the next a key is the states of the model's
 * recurrent layers, in Spark's state store, so that a query goes on from its checkpoint.
 *
 * <p>Events of a key that come in one micro-batch are put in order; those of a later one are later.
 * Works on tables, too, whose sequences are then whole.
 */
public final class KeyedScoring {
  private final LanewiseModel model;
  private final ModelSpec steps;
  private final String weights;
  private String[] keyCols = {"key"};
  private String[] orderCols = {"time"};
  private Duration timeout = Duration.ZERO;

  private KeyedScoring(LanewiseModel model) {
    this.model = model;
    SavedModel saved = KerasBytes.read(model.keras());
    weights = Weights.sha256(saved.parameters());
    ModelSpec spec = saved.spec();
    steps = Stepwise.of(spec.graph().anySteps() ? spec.forSteps(1) : spec);
  }

  /**
   * {@return scoring by a model as it is now, with the columns that it is set to: each input is a
   * step's features}
   *
   * @param model what answers; it goes on as before
   * @throws UnsupportedOperationException if a layer needs more than the steps so far, such as
   *     Bidirectional
   */
  public static KeyedScoring of(LanewiseModel model) {
    return new KeyedScoring(model.copy(ParamMap.empty()));
  }

  /**
   * Sets the columns that tell one sequence from another; {@code key} unless set.
   *
   * @param names columns of the events
   * @return this scoring
   */
  public KeyedScoring setKeyCols(String... names) {
    keyCols = names.clone();
    return this;
  }

  /**
   * Sets the columns by which the events of a sequence are put in order, such as their time; {@code
   * time} unless set. Which of two that are alike comes first is not said.
   *
   * @param names columns of the events
   * @return this scoring
   */
  public KeyedScoring setOrderCols(String... names) {
    orderCols = names.clone();
    return this;
  }

  /**
   * Sets when a sequence ends of which nothing comes: it is then forgotten, and the next event of
   * its key begins another. Without it, none ever ends.
   *
   * @param duration by the clock of the machine, not of the events; Spark looks at it whenever a
   *     micro-batch has no event of the key, and makes micro-batches without any for it
   * @return this scoring
   * @throws IllegalArgumentException if it is less than a millisecond
   */
  public KeyedScoring setTimeout(Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "KeyedScoring: the timeout must be at least a millisecond, found " + duration);
    }
    timeout = duration;
    return this;
  }

  /**
   * {@return the events with an answer each, in output mode append}
   *
   * @param events a stream of rows with those columns
   * @throws IllegalArgumentException if a column cannot be what it is to be
   */
  public Dataset<Row> transform(Dataset<Row> events) {
    StructType schema = events.schema();
    SampleReader reader = TableColumns.reader(steps.graph(), schema, model.getInputCols());
    StructType answered = TableColumns.withAnswers(steps.graph(), schema, model.getOutputCols());
    int[] order = ordinals(schema, orderCols);
    for (int column : order) {
      requireOrder(schema.fields()[column]);
    }
    StructType key = new StructType();
    for (int column : ordinals(schema, keyCols)) {
      key = key.add(schema.fields()[column]);
    }
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(events.sparkSession().sparkContext());
    Broadcast<byte[]> sent = context.broadcast(model.keras());
    StreamTask.Columns columns = new StreamTask.Columns(schema, order, reader, sizes());
    StreamTask task = new StreamTask(sent, weights, columns, timeout.toMillis());
    boolean ends = !timeout.isZero();
    Column[] keys = Arrays.stream(key.fieldNames()).map(events::col).toArray(Column[]::new);
    return events
        .groupBy(keys)
        .as(Encoders.row(key), Encoders.row(schema))
        .flatMapGroupsWithState(
            task,
            OutputMode.Append(),
            Encoders.BINARY(),
            Encoders.row(answered),
            ends ? GroupStateTimeout.ProcessingTimeTimeout() : GroupStateTimeout.NoTimeout());
  }

  private int[] sizes() {
    return IntStream.range(0, steps.graph().outputs().size())
        .map(output -> Math.toIntExact(steps.shapeOf(output).elementCount()))
        .toArray();
  }

  private static int[] ordinals(StructType schema, String[] names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("KeyedScoring: at least one column is needed");
    }
    return Arrays.stream(names).mapToInt(name -> TableColumns.ordinal(schema, name)).toArray();
  }

  private static void requireOrder(StructField field) {
    DataType type = field.dataType();
    if (!(type instanceof AtomicType) || List.of("binary", "variant").contains(type.typeName())) {
      throw new IllegalArgumentException(
          "KeyedScoring: column "
              + field.name()
              + " must be numbers, times or text that events can be put in order by, found "
              + type.simpleString());
    }
  }
}
