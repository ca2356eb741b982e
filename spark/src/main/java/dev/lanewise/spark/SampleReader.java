package dev.lanewise.spark;

import dev.lanewise.engine.layer.Graph;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/** Reads samples from rows: a column for each input of a model. */
final class SampleReader implements Serializable {
  private static final long serialVersionUID = 1L;

  private final InputColumn[] columns;

  /**
   * Describes the columns.
   *
   * @param names of the columns, in the order of the model's inputs
   * @param ordinals their places in the rows
   * @param types what their values are
   * @throws IllegalArgumentException if they are not as many as the model's inputs, or one cannot
   *     be what it is to be
   */
  SampleReader(Graph graph, String[] names, int[] ordinals, DataType[] types) {
    List<Graph.Input> inputs = graph.inputs();
    if (names.length != inputs.size()) {
      throw new IllegalArgumentException(
          "LanewiseModel: the model takes "
              + inputs.size()
              + " inputs, "
              + inputs.stream().map(input -> input.name() + " " + input.shown()).toList()
              + ", found columns "
              + List.of(names));
    }
    columns = new InputColumn[names.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new InputColumn(names[i], ordinals[i], types[i], graph, i);
    }
  }

  /** Returns the steps of a row's inputs that the model leaves open, in their order. */
  List<Integer> steps(InternalRow row) {
    List<Integer> open = List.of();
    for (InputColumn column : columns) {
      int steps = column.steps(row); // also of those that are not open: is there a value?
      if (column.anySteps()) {
        open = open.isEmpty() ? new ArrayList<>() : open;
        open.add(steps);
      }
    }
    return open;
  }

  /** Reads a row's inputs, one behind the other. */
  void read(InternalRow row, float[] to, int at) {
    int next = at;
    for (InputColumn column : columns) {
      int steps = column.steps(row);
      column.read(row, steps, to, next);
      next += column.size(steps);
    }
  }

  /** Returns how many values a row's inputs have in all. */
  int size(InternalRow row) {
    int size = 0;
    for (InputColumn column : columns) {
      size = Math.addExact(size, column.size(column.steps(row)));
    }
    return size;
  }

  /**
   * Refuses values that are no numbers.
   *
   * @param read what {@link #read} has read of the row
   * @throws IllegalArgumentException naming the column
   */
  void requireFinite(InternalRow row, float[] read) {
    int next = 0;
    for (InputColumn column : columns) {
      int end = next + column.size(column.steps(row));
      for (; next < end; next++) {
        if (!Float.isFinite(read[next])) {
          throw column.refused("a value is " + read[next]);
        }
      }
    }
  }
}
