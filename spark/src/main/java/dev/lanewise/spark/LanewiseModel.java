package dev.lanewise.spark;

import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
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
public final class LanewiseModel extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final byte[] keras;
  private final transient Graph graph;
  private final StringArrayParam inputCols;
  private final StringArrayParam outputCols;
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
   * Returns a model as it is now, whatever becomes of it later.
   *
   * @throws IllegalArgumentException if a Keras file cannot say what it is
   */
  public static LanewiseModel of(Model model) {
    return ofKeras(Identifiable$.MODULE$.randomUID("lanewise"), KerasBytes.ofWeights(model));
  }

  /** Returns the model of a Keras file. */
  static LanewiseModel ofKeras(String uid, byte[] file) {
    return new LanewiseModel(uid, file, KerasBytes.read(file));
  }

  /** Returns what tells this one from others, and stays with it when it is saved. */
  @Override
  public String uid() {
    return uid;
  }

  /** Returns the parameter that {@link #setInputCols} sets. */
  public StringArrayParam inputCols() {
    return inputCols;
  }

  /** Returns the parameter that {@link #setOutputCols} sets. */
  public StringArrayParam outputCols() {
    return outputCols;
  }

  /** Returns the parameter that {@link #setBatchSize} sets. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** Sets the column of a model's only input; {@code features} unless set. */
  public LanewiseModel setInputCol(String name) {
    return setInputCols(name);
  }

  /**
   * Sets the columns of the inputs, in the order of the model's; unless set, of one input {@code
   * features}, of several the inputs' own names.
   */
  public LanewiseModel setInputCols(String... names) {
    set(inputCols, names.clone());
    return this;
  }

  /** Sets the column that a model's only output goes to; {@code prediction} unless set. */
  public LanewiseModel setOutputCol(String name) {
    return setOutputCols(name);
  }

  /**
   * Sets the columns that outputs go to, in the order of the model's; unless set, of one output
   * {@code prediction}, of several the outputs' own names.
   */
  public LanewiseModel setOutputCols(String... names) {
    set(outputCols, names.clone());
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
    set(batchSize, rows);
    return this;
  }

  /** Returns the columns of the inputs. */
  public String[] getInputCols() {
    return getOrDefault(inputCols).clone();
  }

  /** Returns the columns of the outputs. */
  public String[] getOutputCols() {
    return getOrDefault(outputCols).clone();
  }

  /** Returns how many rows are answered at once. */
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
    reader(schema);
    String[] names = getOutputCols();
    if (names.length != graph.outputs().size()) {
      throw new IllegalArgumentException(
          "LanewiseModel: the model has "
              + graph.outputs().size()
              + " outputs, found columns "
              + List.of(names)
              + " for them; setOutputCols names one each");
    }
    Set<String> taken = new HashSet<>();
    for (String name : schema.fieldNames()) {
      taken.add(name.toLowerCase(Locale.ROOT));
    }
    StructType answered = schema;
    for (String name : names) {
      if (!taken.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "LanewiseModel: there is a column " + name + " already; setOutputCols names others");
      }
      answered = answered.add(name, DataTypes.createArrayType(DataTypes.FloatType, false), false);
    }
    return answered;
  }

  private SampleReader reader(StructType schema) {
    String[] names = getInputCols();
    int[] ordinals = Arrays.stream(names).mapToInt(name -> ordinal(schema, name)).toArray();
    DataType[] types =
        Arrays.stream(ordinals)
            .mapToObj(i -> schema.fields()[i].dataType())
            .toArray(DataType[]::new);
    return new SampleReader(graph, names, ordinals, types);
  }

  /** Returns the place of a column, whose name is in any case unless two differ in nothing else. */
  private static int ordinal(StructType schema, String name) {
    StructField[] fields = schema.fields();
    int alike = -1;
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].name().equals(name)) {
        return i;
      }
      alike = fields[i].name().equalsIgnoreCase(name) ? i : alike;
    }
    if (alike < 0) {
      throw new IllegalArgumentException(
          "LanewiseModel: there is no column "
              + name
              + ", the table has "
              + List.of(schema.fieldNames())
              + "; setInputCols names others");
    }
    return alike;
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
    return InternalRows.map(table, new ScoreTask(model, reader(table.schema()), rows), schema);
  }

  @Override
  public LanewiseModel copy(ParamMap extra) {
    return copyValues(ofKeras(uid, keras), extra);
  }
}
