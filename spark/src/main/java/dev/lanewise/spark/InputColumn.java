package dev.lanewise.spark;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.tensor.Shape;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.jspecify.annotations.Nullable;

/**
 * How one of a model's inputs is read from a column: arrays of numbers, row-major in the input's
 * shape; arrays of arrays, an array a step; Spark ML's vectors; or a number, where the input is
 * one.
 */
final class InputColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int ordinal;

  @SuppressWarnings("serial") // all of Spark's are serializable, and none says so
  private final DataType type;

  private final boolean vector;
  private final int[] sizes;
  private final int stepSize;
  private final boolean anySteps;

  /** What a short sequence is filled up with; absent where the model heeds no mask. */
  private final @Nullable Float padding;

  /**
   * Describes a column.
   *
   * @param name of the column, for messages
   * @param ordinal its place in the rows
   * @param type its values
   * @param graph the model
   * @param input which of its inputs
   * @throws IllegalArgumentException if the column's values cannot be such an input
   */
  InputColumn(String name, int ordinal, DataType type, Graph graph, int input) {
    Graph.Input read = graph.inputs().get(input);
    Shape shape = read.shape();
    this.name = name;
    this.ordinal = ordinal;
    vector = isVector(type);
    this.type = type;
    sizes = shape.toArray();
    stepSize = Math.toIntExact(shape.elementCount() / sizes[0]);
    anySteps = read.anySteps();
    padding = MaskedInput.padding(graph, input);
    if (!vector && !fits(type, sizes.length) && !(Numbers.are(type) && shape.elementCount() == 1)) {
      throw new IllegalArgumentException(
          "column "
              + name
              + " must be arrays of numbers for the input "
              + read.name()
              + " "
              + read.shown()
              + ", or arrays of such arrays, or vectors, found "
              + type.simpleString());
    }
  }

  /** Spark ML's, known by what they are stored as, so that nothing of it has to be there. */
  private static boolean isVector(DataType type) {
    return type instanceof UserDefinedType<?> udt
        && udt.sqlType() instanceof StructType stored
        && Arrays.equals(stored.fieldNames(), new String[] {"type", "size", "indices", "values"});
  }

  private static boolean fits(DataType type, int depth) {
    return type instanceof ArrayType array
        && (Numbers.are(array.elementType())
            || (depth > 1 && fits(array.elementType(), depth - 1)));
  }

  boolean anySteps() {
    return anySteps;
  }

  /** Returns how many values the input has. */
  int size(int steps) {
    return Math.multiplyExact(steps, stepSize);
  }

  /**
   * Returns of how many steps a row's input is taken to be, which is what the model says unless it
   * leaves it open.
   *
   * @throws IllegalArgumentException if the row has no value, or not of whole steps
   */
  int steps(InternalRow row) {
    if (row.isNullAt(ordinal)) {
      throw refused("a row has no value");
    }
    if (!anySteps) {
      return sizes[0];
    }
    int steps = found(row);
    if (steps < 1) {
      throw refused("a row has no steps");
    }
    return steps;
  }

  /** Returns how many steps there are in a row. */
  private int found(InternalRow row) {
    if (type instanceof ArrayType array && array.elementType() instanceof ArrayType) {
      return row.getArray(ordinal).numElements();
    }
    int count =
        vector
            ? vector(row).getInt(1)
            : type instanceof ArrayType ? row.getArray(ordinal).numElements() : 1;
    if (count % stepSize != 0) {
      throw refused("a step has " + stepSize + " values, a row has " + count + " in all");
    }
    return count / stepSize;
  }

  private InternalRow vector(InternalRow row) {
    return row.getStruct(ordinal, 4);
  }

  /**
   * Reads a row's input.
   *
   * @param steps what {@link #steps} says of it
   * @param to takes it at {@code at}
   * @throws IllegalArgumentException if the model takes another, or a value is missing
   */
  void read(InternalRow row, int steps, float[] to, int at) {
    int size = size(steps);
    if (padding != null && !anySteps) {
      int there = found(row);
      if (there < steps) {
        Arrays.fill(to, at + there * stepSize, at + size, padding);
        size = there * stepSize;
        steps = there;
      }
    }
    if (vector) {
      readVector(vector(row), size, to, at);
    } else if (type instanceof ArrayType array) {
      readArray(row.getArray(ordinal), array.elementType(), 0, steps, size, to, at);
    } else {
      to[at] = Numbers.of(row, ordinal, type);
    }
  }

  private void readArray(
      ArrayData array, DataType element, int depth, int parts, int size, float[] to, int at) {
    boolean nested = element instanceof ArrayType;
    int expected = nested ? parts : size;
    if (array.numElements() != expected) {
      throw refused(
          "the model takes "
              + expected
              + (nested ? depth == 0 ? " steps" : " arrays within an array" : " values")
              + (depth == 0 ? ", a row has " : ", an array of a row has ")
              + array.numElements());
    }
    if (Numbers.missing(array)) {
      throw refused("a value of a row is missing");
    }
    if (!(element instanceof ArrayType inner)) {
      Numbers.copy(array, element, to, at);
      return;
    }
    int partSize = size / Math.max(parts, 1);
    for (int i = 0; i < parts; i++) {
      ArrayData part = array.getArray(i);
      int next = sizes[depth + 1];
      readArray(part, inner.elementType(), depth + 1, next, partSize, to, at + i * partSize);
    }
  }

  private void readVector(InternalRow stored, int size, float[] to, int at) {
    boolean sparse = stored.getByte(0) == 0;
    ArrayData values = stored.getArray(3);
    int found = sparse ? stored.getInt(1) : values.numElements();
    if (found != size) {
      throw refused("the model takes " + size + " values, a row has " + found);
    }
    if (!sparse) {
      Numbers.copy(values, DataTypes.DoubleType, to, at);
      return;
    }
    Arrays.fill(to, at, at + size, 0);
    ArrayData indices = stored.getArray(2);
    for (int i = 0; i < indices.numElements(); i++) {
      to[at + indices.getInt(i)] = (float) values.getDouble(i);
    }
  }

  IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("column " + name + ": " + reason);
  }
}
