package dev.lanewise.spark;

import dev.lanewise.engine.backend.Predictor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.Platform;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** Answers a partition's rows, some at a time. */
final class ScoreTask extends AbstractFunction1<Iterator<Object>, Iterator<Object>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> model;
  private final SampleReader reader;
  private final int batchSize;

  ScoreTask(Broadcast<byte[]> model, SampleReader reader, int batchSize) {
    this.model = model;
    this.reader = reader;
    this.batchSize = batchSize;
  }

  @Override
  public Iterator<Object> apply(Iterator<Object> rows) {
    return new Scored(rows, SharedScorer.ofTask(model));
  }

  /**
   * Returns the answers to a sample as a row.
   *
   * @param outputs answers, those of one sample behind those of another
   * @param sizes the values of each of a sample's
   */
  static InternalRow answers(float[] outputs, int at, int[] sizes) {
    Object[] columns = new Object[sizes.length];
    int from = at;
    for (int i = 0; i < sizes.length; i++) {
      int offset =
          Math.addExact(Platform.FLOAT_ARRAY_OFFSET, Math.multiplyExact(from, Float.BYTES));
      columns[i] = UnsafeArrayData.fromPrimitiveArray(outputs, offset, sizes[i], Float.BYTES);
      from += sizes[i];
    }
    return new GenericInternalRow(columns);
  }

  /** The rows with their answers, which are computed as they are asked for. */
  private final class Scored extends AbstractIterator<Object> {
    private final Iterator<Object> rows;
    private final Scorer scorer;
    private final List<InternalRow> batch = new ArrayList<>();
    private InternalRow[] answers = {};
    private float[] inputs = {};
    private float[] outputs = {};
    private int next;

    Scored(Iterator<Object> rows, Scorer scorer) {
      this.rows = rows;
      this.scorer = scorer;
    }

    @Override
    public boolean hasNext() {
      return next < batch.size() || rows.hasNext();
    }

    @Override
    public Object next() {
      if (next == batch.size()) {
        answer();
      }
      InternalRow answered = new JoinedRow(batch.get(next), answers[next]);
      next++;
      return answered;
    }

    private void answer() {
      batch.clear();
      next = 0;
      Map<List<Integer>, List<Integer>> places = new LinkedHashMap<>(); // by steps
      while (batch.size() < batchSize && rows.hasNext()) {
        InternalRow row = ((InternalRow) rows.next()).copy(); // Spark writes the next over it
        places.computeIfAbsent(reader.steps(row), steps -> new ArrayList<>()).add(batch.size());
        batch.add(row);
      }
      if (batch.isEmpty()) {
        throw new NoSuchElementException();
      }
      answers = new InternalRow[batch.size()];
      places.forEach(
          (steps, alike) ->
              scorer.answer(steps, (predictor, sizes) -> answer(alike, predictor, sizes)));
    }

    private void answer(List<Integer> places, Predictor predictor, int[] sizes) {
      int input = predictor.inputSize();
      int output = predictor.outputSize();
      if (inputs.length != places.size() * (long) input) { // else as the batch before
        inputs = new float[Math.multiplyExact(places.size(), input)];
      }
      if (outputs.length != places.size() * (long) output) {
        outputs = new float[Math.multiplyExact(places.size(), output)];
      }
      for (int i = 0; i < places.size(); i++) {
        reader.read(batch.get(places.get(i)), inputs, i * input);
      }
      predictor.predict(inputs, outputs);
      for (int i = 0; i < places.size(); i++) {
        answers[places.get(i)] = answers(outputs, i * output, sizes);
      }
    }
  }
}
