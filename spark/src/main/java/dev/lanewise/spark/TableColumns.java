package dev.lanewise.spark;

import dev.lanewise.engine.layer.Graph;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of a table that a model reads, and those that it adds. */
final class TableColumns {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

  private TableColumns() {}

  /**
   * Returns what reads a model's inputs from a table's rows.
   *
   * @param names of the columns, in the order of the inputs
   * @throws IllegalArgumentException if there is no such column, or it cannot be an input
   */
  static SampleReader reader(Graph graph, StructType schema, String[] names) {
    int[] ordinals = Arrays.stream(names).mapToInt(name -> ordinal(schema, name)).toArray();
    DataType[] types =
        Arrays.stream(ordinals)
            .mapToObj(i -> schema.fields()[i].dataType())
            .toArray(DataType[]::new);
    return new SampleReader(graph, names, ordinals, types);
  }

  /**
   * Returns the place of a column, whose name is in any case unless two differ in nothing else.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int ordinal(StructType schema, String name) {
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
   * Returns a table's columns with those of the answers behind them.
   *
   * @param names of the outputs' columns
   * @throws IllegalArgumentException if there is such a column already, or they are not as many as
   *     the outputs
   */
  static StructType withAnswers(Graph graph, StructType schema, String[] names) {
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
      answered = answered.add(name, FLOATS, false);
    }
    return answered;
  }

  /** Returns the type of an answer that is one value: a struct, if there are several outputs. */
  static DataType answer(Graph graph, String[] names) {
    return names.length == 1 ? FLOATS : withAnswers(graph, new StructType(), names);
  }
}
