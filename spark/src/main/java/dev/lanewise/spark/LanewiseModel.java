package dev.lanewise.spark;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A model that adds columns of answers to a DataFrame: a transformer of Spark ML's. It is sent to
 * the executors once, and is one model in each, whose memory is free again when their last task
 * ends.
 *
 * <p>Each input is a column: arrays of numbers, a row's input row-major in its shape; arrays of
 * arrays, an array a step; vectors; or numbers, for an input that is one. Where the model leaves
 * the number of steps open, each row has as many as there are; where it masks what it reads, a row
 * may have fewer than the model takes and is filled up behind them with what is masked. Each output
 * is a column of arrays of floats, row-major.
 */
public final class LanewiseModel extends Transformer implements MLWritable {
  private static final long serialVersionUID = 1L;

  /** The name that Spark tells this stage by. */
  private final String uid;

  /** The model, as a Keras archive. */
  private final byte[] keras;

  private final transient Graph graph;

  /** The columns that are read. */
  private final StringArrayParam inputCols;

  /** The columns that are added. */
  private final StringArrayParam outputCols;

  /** How many rows are answered at once. */
  private final IntParam batchSize;

  /** Takes a Keras file as it was read. */
  private LanewiseModel(String uid, byte[] keras, SavedModel read) {
    this.uid = uid;
    this.keras = keras;
    graph = read.graph();
    // Not where they are declared: a parameter asks for the uid of what it is one of.
    inputCols = new StringArrayParam(this, "inputCols", "columns of the inputs, in their order");
    outputCols =
        new StringArrayParam(this, "outputCols", "columns for the outputs, in their order");
    batchSize = new IntParam(this, "batchSize", "rows that are answered at once");
    List<Graph.Input> inputs = graph.inputs();
    List<OutputSpec> outputs = read.spec().outputs();
    setDefault(
        inputCols,
        inputs.size() == 1
            ? new String[] {"features"}
            : inputs.stream().map(Graph.Input::name).toArray(String[]::new));
    setDefault(
        outputCols,
        outputs.size() == 1
            ? new String[] {"prediction"}
            : outputs.stream().map(OutputSpec::name).toArray(String[]::new));
    setDefault(batchSize, 256);
  }

  /**
   * {@return a model as it is now, whatever becomes of it later}
   *
   * @param model a compiled model
   * @throws IllegalArgumentException if a Keras file cannot say what it is
   */
  public static LanewiseModel of(Model model) {
    return ofKeras(newUid(), KerasBytes.ofWeights(model));
  }

  /** Returns the model of a Keras file. */
  static LanewiseModel ofKeras(String uid, byte[] file) {
    return new LanewiseModel(uid, file, KerasBytes.read(file));
  }

  /**
   * {@return the model of a Keras file}
   *
   * @param session what reads it
   * @param path of the file, on any of Hadoop's file systems
   * @throws ModelFormatException if it is missing or damaged, or holds what is not supported
   */
  public static LanewiseModel ofKerasFile(SparkSession session, String path) {
    Path file = new Path(path);
    try {
      FileSystem files = file.getFileSystem(session.sparkContext().hadoopConfiguration());
      return ofKeras(newUid(), ModelFolder.read(files, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ModelFormatException e) {
      throw new ModelFormatException(path + ": " + e.getMessage(), e);
    }
  }

  private static String newUid() {
    return Identifiable$.MODULE$.randomUID("lanewise");
  }

  /**
   * {@return a model that {@link #write} has saved}
   *
   * @param session what reads it
   * @param path of its folder, on any of Hadoop's file systems
   * @throws ModelFormatException if it is missing, damaged, or of a later version
   */
  public static LanewiseModel load(SparkSession session, String path) {
    return read().session(session).load(path);
  }

  /** {@return what loads models that were saved, as a {@code PipelineModel} does} */
  public static MLReader<LanewiseModel> read() {
    return new ModelReader();
  }

  /**
   * Returns what saves the model and what was set: {@code write().overwrite().save(path)}, where a
   * saved model may be there already. A folder is there whole, or not at all.
   */
  @Override
  public MLWriter write() {
    return new ModelWriter(this);
  }

  /** Returns the model as a Keras file. */
  byte[] keras() {
    return keras;
  }

  /** Returns what tells this one from others, and stays with it when it is saved. */
  @Override
  public String uid() {
    return uid;
  }

  /** {@return the parameter that {@link #setInputCols} sets} */
  public StringArrayParam inputCols() {
    return inputCols;
  }

  /** {@return the parameter that {@link #setOutputCols} sets} */
  public StringArrayParam outputCols() {
    return outputCols;
  }

  /** {@return the parameter that {@link #setBatchSize} sets} */
  public IntParam batchSize() {
    return batchSize;
  }

  /**
   * Sets the column of a model's only input; {@code features} unless set.
   *
   * @param name a column of numbers, arrays or vectors
   * @return this model
   */
  public LanewiseModel setInputCol(String name) {
    return setInputCols(name);
  }

  /**
   * Sets the columns of the inputs, in the order of the model's; unless set, of one input {@code
   * features}, of several the inputs' own names.
   *
   * @param names a column an input
   * @return this model
   */
  public LanewiseModel setInputCols(String... names) {
    set(inputCols, names.clone());
    return this;
  }

  /**
   * Sets the columns of the inputs; as the other, for Python, whose lists are Java's.
   *
   * @param names a column an input
   * @return this model
   */
  public LanewiseModel setInputCols(List<String> names) {
    return setInputCols(names.toArray(String[]::new));
  }

  /**
   * Sets the column that a model's only output goes to; {@code prediction} unless set.
   *
   * @param name the new column
   * @return this model
   */
  public LanewiseModel setOutputCol(String name) {
    return setOutputCols(name);
  }

  /**
   * Sets the columns that outputs go to, in the order of the model's; unless set, of one output
   * {@code prediction}, of several the outputs' own names.
   *
   * @param names a column an output
   * @return this model
   */
  public LanewiseModel setOutputCols(String... names) {
    set(outputCols, names.clone());
    return this;
  }

  /**
   * Sets the columns that outputs go to; as the other, for Python, whose lists are Java's.
   *
   * @param names a column an output
   * @return this model
   */
  public LanewiseModel setOutputCols(List<String> names) {
    return setOutputCols(names.toArray(String[]::new));
  }

  /**
   * Sets how many rows are answered at once, which changes no answer; 256 unless set.
   *
   * @param rows how many, at least 1
   * @return this model
   * @throws IllegalArgumentException if it is below 1
   */
  public LanewiseModel setBatchSize(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException(
          "LanewiseModel: the batch size must be at least 1, found " + rows);
    }
    set(batchSize, rows);
    return this;
  }

  /** {@return the columns of the inputs} */
  public String[] getInputCols() {
    return getOrDefault(inputCols).clone();
  }

  /** {@return the columns of the outputs} */
  public String[] getOutputCols() {
    return getOrDefault(outputCols).clone();
  }

  /** {@return how many rows are answered at once} */
  public int getBatchSize() {
    return (int) getOrDefault(batchSize);
  }

  /**
   * Returns the columns of a table with the answers behind them.
   *
   * @throws IllegalArgumentException if there are such columns already, or {@link #transform} would
   *     refuse the inputs
   */
  @Override
  public StructType transformSchema(StructType schema) {
    TableColumns.reader(graph, schema, getInputCols());
    return TableColumns.withAnswers(graph, schema, getOutputCols());
  }

  /**
   * Returns what reads inputs from rows that are nothing else.
   *
   * @param names of the inputs, for messages
   * @throws IllegalArgumentException if one cannot be an input of the model
   */
  SampleReader reader(String[] names, DataType[] types) {
    return new SampleReader(graph, names, IntStream.range(0, names.length).toArray(), types);
  }

  /** Returns the type of an answer that is one value. */
  DataType answerType() {
    return TableColumns.answer(graph, getOutputCols());
  }

  /**
   * Returns a table with answers, which are computed when it is asked for them and have the bits of
   * {@link Model#predict}.
   *
   * @throws IllegalArgumentException if a column cannot be an input of the model
   */
  @Override
  public Dataset<Row> transform(Dataset<?> table) {
    StructType schema = transformSchema(table.schema());
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    Broadcast<byte[]> model = context.broadcast(keras);
    int most = graph.batchSize() > 0 ? graph.batchSize() : Integer.MAX_VALUE; // of stateful layers
    int rows = Math.min(getBatchSize(), most);
    SampleReader reader = TableColumns.reader(graph, table.schema(), getInputCols());
    return InternalRows.map(table, new ScoreTask(model, reader, rows), schema);
  }

  @Override
  public LanewiseModel copy(ParamMap extra) {
    return copyValues(ofKeras(uid, keras), extra);
  }
}
