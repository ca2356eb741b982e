package dev.lanewise.spark;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;

/**
 * How a model's targets are read from a column: the index of a class for a crossentropy of classes,
 * or one for each step; otherwise as many numbers as the output has.
 */
final class TargetColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int ordinal;

  @SuppressWarnings("serial") // all of Spark's are serializable, and none says so
  private final DataType type;

  /** How many classes there are, 0 where targets are numbers. */
  private final int classes;

  private final int width;

  /**
   * Describes a column.
   *
   * @throws IllegalArgumentException if the model has several outputs, or the column's values
   *     cannot be its targets
   */
  TargetColumn(String name, int ordinal, DataType type, ModelSpec model) {
    if (model.outputs().size() > 1) {
      throw new IllegalArgumentException(
          "SparkFit: a table has targets of one output, the model has "
              + model.outputs().size()
              + "; train it on a data set of the engine's");
    }
    boolean array = type instanceof ArrayType of && Numbers.are(of.elementType());
    if (!array && !Numbers.are(type)) {
      throw new IllegalArgumentException(
          "SparkFit: column "
              + name
              + " must be numbers or arrays of numbers, found "
              + type.simpleString());
    }
    this.name = name;
    this.ordinal = ordinal;
    this.type = type;
    Loss loss = model.outputs().getFirst().loss();
    if (loss instanceof Ctc) {
      throw new IllegalArgumentException(
          "SparkFit: a table has as many targets for each row, and those of ctc are any number;"
              + " train the model on a data set of the engine's");
    }
    boolean indices =
        loss instanceof SparseCategoricalCrossentropy
            || (loss instanceof CategoricalCrossentropy && !array)
            || (loss instanceof CategoricalFocalCrossentropy && !array);
    classes = indices ? model.mostClasses(0) : 0;
    width = indices ? model.positions(0) : Math.toIntExact(model.shapeOf(0).elementCount());
  }

  int width() {
    return width;
  }

  /**
   * Reads a row's targets.
   *
   * @param to takes them at {@code at}
   * @throws IllegalArgumentException if one is missing, or the model cannot have it
   */
  void read(InternalRow row, float[] to, int at) {
    if (row.isNullAt(ordinal)) {
      throw refused("there is no value");
    }
    if (type instanceof ArrayType array) {
      ArrayData values = row.getArray(ordinal);
      requireCount(values.numElements());
      if (Numbers.missing(values)) {
        throw refused("a value is missing");
      }
      Numbers.copy(values, array.elementType(), to, at);
    } else {
      requireCount(1);
      to[at] = Numbers.of(row, ordinal, type);
    }
    for (int i = at; i < at + width; i++) {
      requireTarget(to[i]);
    }
  }

  private void requireCount(int found) {
    if (found != width) {
      throw refused(
          "the model takes "
              + width
              + (classes > 0 ? " classes" : " numbers")
              + ", found "
              + found);
    }
  }

  private void requireTarget(float value) {
    if (!Float.isFinite(value)) {
      throw refused("a value is " + value);
    }
    if (classes > 0 && !(value >= 0 && value < classes && value == (int) value)) {
      throw refused(
          "a class must be a whole number from 0 to " + (classes - 1) + ", found " + value);
    }
  }

  /** Returns what was read of all samples as the engine has it. */
  Targets targets(float[] values, int samples) {
    if (classes == 0) {
      return Targets.of(values, samples, width);
    }
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
    }
    return Targets.ofLabels(labels, samples, classes);
  }

  private IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("column " + name + ": " + reason);
  }
}
