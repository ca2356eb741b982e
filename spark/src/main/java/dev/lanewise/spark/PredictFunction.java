package dev.lanewise.spark;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A call of a model in SQL, which answers a row at a time, on the executors or the driver. */
final class PredictFunction implements ScalarFunction<Object> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> model;
  private final SampleReader reader;

  @SuppressWarnings("serial") // all of Spark's are serializable, and none says so
  private final DataType[] inputTypes;

  @SuppressWarnings("serial")
  private final DataType resultType;

  /** The task's, which has this object for itself. */
  private transient @Nullable Scorer scorer;

  /**
   * Describes a call.
   *
   * @param resultType an array of floats, or a struct of them, one for each output
   */
  PredictFunction(
      Broadcast<byte[]> model, SampleReader reader, DataType[] inputTypes, DataType resultType) {
    this.model = model;
    this.reader = reader;
    this.inputTypes = inputTypes;
    this.resultType = resultType;
  }

  @Override
  public DataType[] inputTypes() {
    return inputTypes.clone();
  }

  @Override
  public DataType resultType() {
    return resultType;
  }

  @Override
  public String name() {
    return LanewiseSql.FUNCTION;
  }

  @Override
  public @Nullable Object produceResult(InternalRow row) {
    for (int i = 0; i < inputTypes.length; i++) {
      if (row.isNullAt(i)) {
        return null;
      }
    }
    InternalRow[] answer = new InternalRow[1];
    List<Integer> steps = reader.steps(row);
    scorer()
        .answer(
            steps,
            (predictor, sizes) -> {
              float[] inputs = new float[predictor.inputSize()];
              float[] outputs = new float[predictor.outputSize()];
              reader.read(row, inputs, 0);
              predictor.predict(inputs, outputs);
              answer[0] = ScoreTask.answers(outputs, 0, sizes);
            });
    return resultType instanceof StructType ? answer[0] : answer[0].getArray(0);
  }

  /** Small tables are answered by the driver, while it plans. */
  private Scorer scorer() {
    if (TaskContext.get() == null) {
      return SharedScorer.ofDriver(model);
    }
    Scorer mine = scorer;
    if (mine == null) {
      mine = SharedScorer.ofTask(model);
      scorer = mine;
    }
    return mine;
  }
}
