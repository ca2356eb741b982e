package dev.lanewise.spark;

import dev.lanewise.engine.train.Model;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * A model that adds a column of answers to a DataFrame, with the setters of Spark ML's
 * transformers. It is sent to the executors once, and is one predictor in each, whose memory is
 * free again when their last task ends.
 */
public final class LanewiseModel {
  private final byte[] packed;
  private String inputCol = "features";
  private String outputCol = "prediction";
  private int batchSize = 256;

  private LanewiseModel(byte[] packed) {
    this.packed = packed;
  }

  /**
   * Returns a model as it is now, whatever becomes of it later.
   *
   * @throws IllegalArgumentException if it has several inputs, leaves the number of steps open, or
   *     a Keras file cannot say what it is
   */
  public static LanewiseModel of(Model model) {
    if (model.spec().inputs().size() > 1 || model.spec().graph().anySteps()) {
      throw new IllegalArgumentException(
          "LanewiseModel: takes models of one input with a known number of steps, found "
              + model.spec().graph());
    }
    return new LanewiseModel(JavaBytes.of(new PackedModel(model)));
  }

  /** Sets the column of inputs, arrays of numbers; {@code features} unless set. */
  public LanewiseModel setInputCol(String name) {
    inputCol = name;
    return this;
  }

  /** Sets the column that answers go to, arrays of floats; {@code prediction} unless set. */
  public LanewiseModel setOutputCol(String name) {
    outputCol = name;
    return this;
  }

  /**
   * Sets how many rows are answered at once, which changes no answer; 256 unless set.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public LanewiseModel setBatchSize(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException(
          "LanewiseModel: the batch size must be at least 1, found " + rows);
    }
    batchSize = rows;
    return this;
  }

  /**
   * Returns the columns of a table with the answers behind them.
   *
   * @throws IllegalArgumentException if there is such a column, or {@link #transform} would refuse
   *     the inputs
   */
  public StructType transformSchema(StructType schema) {
    requireNumbers(schema);
    for (String name : schema.fieldNames()) {
      if (name.toLowerCase(Locale.ROOT).equals(outputCol.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("LanewiseModel: there is a column " + name + " already");
      }
    }
    return schema.add(outputCol, DataTypes.createArrayType(DataTypes.FloatType, false), false);
  }

  private void requireNumbers(StructType schema) {
    DataType type = schema.apply(inputCol).dataType();
    if (!(type instanceof ArrayType array && array.elementType() instanceof NumericType)) {
      throw new IllegalArgumentException(
          "LanewiseModel: column "
              + inputCol
              + " must be arrays of numbers, found "
              + type.simpleString());
    }
  }

  /**
   * Returns a table with answers, which are computed when it is asked for them: of each row's
   * input, row-major in the model's shape, the output, likewise.
   *
   * @throws IllegalArgumentException if the inputs are not arrays of numbers
   */
  public Dataset<Row> transform(Dataset<Row> table) {
    StructType schema = transformSchema(table.schema());
    SparkSession session = table.sparkSession();
    Broadcast<byte[]> model =
        JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(packed);
    int column = table.schema().fieldIndex(inputCol);
    ScoreTask task = new ScoreTask(model, column, inputCol, batchSize);
    return table.mapPartitions(task, Encoders.row(schema));
  }
}
