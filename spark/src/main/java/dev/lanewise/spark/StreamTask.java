package dev.lanewise.spark;

import dev.lanewise.engine.backend.Stream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters$;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/** Takes the steps of a micro-batch, key by key, with one stream of the engine's for a task. */
final class StreamTask implements FlatMapGroupsWithStateFunction<Row, Row, byte[], Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> model;
  private final String weights;
  private final Columns columns;
  private final long timeoutMillis;

  private transient @Nullable Steps steps;

  /** What of an event is where. */
  static final class Columns implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // all of Spark's are serializable, and none says so
    private final StructType schema;

    private final int[] order;
    private final SampleReader reader;
    private final int[] outputSizes;

    /**
     * Describes events and answers.
     *
     * @param order the places of the columns by which a key's events are put in order
     * @param reader reads a step's features
     * @param outputSizes the values of each of the model's outputs
     */
    Columns(StructType schema, int[] order, SampleReader reader, int[] outputSizes) {
      this.schema = schema;
      this.order = order;
      this.reader = reader;
      this.outputSizes = outputSizes;
    }
  }

  /**
   * Describes the work.
   *
   * @param weights the digest of the model's
   * @param timeoutMillis after which a key is forgotten, 0 for never
   */
  StreamTask(Broadcast<byte[]> model, String weights, Columns columns, long timeoutMillis) {
    this.model = model;
    this.weights = weights;
    this.columns = columns;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  public Iterator<Row> call(Row key, Iterator<Row> values, GroupState<byte[]> state) {
    if (state.hasTimedOut()) {
      state.remove();
      return Collections.emptyIterator();
    }
    List<Row> events = new ArrayList<>();
    values.forEachRemaining(events::add);
    events.sort(this::compare);
    Steps mine = steps();
    mine.begin(key, state.exists() ? state.get() : null);
    List<Row> answered = new ArrayList<>(events.size());
    events.forEach(event -> answered.add(mine.take(event)));
    state.update(mine.state());
    if (timeoutMillis > 0) {
      state.setTimeoutDuration(timeoutMillis);
    }
    return answered.iterator();
  }

  @SuppressWarnings("unchecked") // values of one column of atomic type
  private int compare(Row first, Row second) {
    for (int column : columns.order) {
      Object left = placed(first, column);
      int compared = ((Comparable<Object>) left).compareTo(placed(second, column));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  private Object placed(Row event, int column) {
    if (event.isNullAt(column)) {
      throw new IllegalArgumentException(
          "column "
              + columns.schema.fields()[column].name()
              + ": an event has no place in the order");
    }
    return event.get(column);
  }

  private Steps steps() {
    Steps mine = steps;
    if (mine == null) {
      Steps made = new Steps(SharedScorer.ofTask(model).stream());
      // Spark ends what was added last first, and the model after its stream.
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) ended -> made.stream.close());
      steps = made;
      mine = made;
    }
    return mine;
  }

  /** A stream that goes from key to key. */
  private final class Steps {
    final Stream stream;
    private final KeyState state;
    private final Function1<Object, Object> internal =
        CatalystTypeConverters$.MODULE$.createToCatalystConverter(columns.schema);
    private final float[] inputs;
    private final float[] outputs;

    Steps(Stream stream) {
      this.stream = stream;
      state = new KeyState(weights, stream.stateSize());
      inputs = new float[stream.inputSize()];
      outputs = new float[stream.outputSize()];
    }

    void begin(Row key, byte @Nullable [] kept) {
      if (kept == null) {
        stream.reset();
      } else {
        stream.restore(state.read(key, kept));
      }
    }

    Row take(Row event) {
      InternalRow row = (InternalRow) internal.apply(event);
      columns.reader.steps(row); // is there a value?
      columns.reader.read(row, inputs, 0);
      stream.step(inputs, outputs);
      int[] sizes = columns.outputSizes;
      Object[] values = new Object[event.size() + sizes.length];
      for (int i = 0; i < event.size(); i++) {
        values[i] = event.get(i);
      }
      int from = 0;
      for (int i = 0; i < sizes.length; i++) {
        values[event.size() + i] = Arrays.copyOfRange(outputs, from, from + sizes[i]);
        from += sizes[i];
      }
      return RowFactory.create(values);
    }

    byte[] state() {
      float[] values = new float[stream.stateSize()];
      stream.state(values);
      return state.write(values);
    }
  }
}
