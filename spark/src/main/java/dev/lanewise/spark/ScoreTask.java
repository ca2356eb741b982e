package dev.lanewise.spark;

import dev.lanewise.engine.backend.Predictor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** Answers a partition's rows, some at a time. */
final class ScoreTask implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> model;
  private final int column;
  private final String name;
  private final int batchSize;

  ScoreTask(Broadcast<byte[]> model, int column, String name, int batchSize) {
    this.model = model;
    this.column = column;
    this.name = name;
    this.batchSize = batchSize;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    long id = model.id();
    Predictor predictor =
        SharedPredictor.of(id, () -> JavaBytes.read(model.value(), PackedModel.class).open());
    TaskContext.get()
        .addTaskCompletionListener((TaskCompletionListener) context -> SharedPredictor.release(id));
    return new Scored(rows, predictor);
  }

  /** The rows with their answers, which are computed as they are asked for. */
  private final class Scored implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Predictor predictor;
    private final List<Row> batch = new ArrayList<>();
    private float[] inputs = {};
    private float[] outputs = {};
    private int next;

    Scored(Iterator<Row> rows, Predictor predictor) {
      this.rows = rows;
      this.predictor = predictor;
    }

    @Override
    public boolean hasNext() {
      return next < batch.size() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (next == batch.size()) {
        answer();
      }
      Row row = batch.get(next);
      int size = predictor.outputSize();
      Object[] values = new Object[row.size() + 1];
      for (int i = 0; i < row.size(); i++) {
        values[i] = row.get(i);
      }
      Float[] answer = new Float[size];
      for (int i = 0; i < size; i++) {
        answer[i] = outputs[next * size + i];
      }
      values[row.size()] = answer;
      next++;
      return RowFactory.create(values);
    }

    private void answer() {
      batch.clear();
      next = 0;
      while (batch.size() < batchSize && rows.hasNext()) {
        batch.add(rows.next());
      }
      if (batch.isEmpty()) {
        throw new NoSuchElementException();
      }
      int size = predictor.inputSize();
      if (inputs.length != batch.size() * size) { // the last batch alone is another
        inputs = new float[Math.multiplyExact(batch.size(), size)];
        outputs = new float[Math.multiplyExact(batch.size(), predictor.outputSize())];
      }
      for (int r = 0; r < batch.size(); r++) {
        read(batch.get(r), r * size, size);
      }
      predictor.predict(inputs, outputs);
    }

    private void read(Row row, int at, int size) {
      if (row.isNullAt(column)) {
        throw new IllegalArgumentException("column " + name + ": a row has no value");
      }
      List<?> values = row.getList(column);
      if (values.size() != size) {
        throw new IllegalArgumentException(
            "column " + name + ": the model takes " + size + " values, a row has " + values.size());
      }
      int i = at;
      for (Object value : values) {
        if (!(value instanceof Number number)) {
          throw new IllegalArgumentException("column " + name + ": a value of a row is missing");
        }
        inputs[i++] = number.floatValue();
      }
    }
  }
}
