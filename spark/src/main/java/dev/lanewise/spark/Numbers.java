package dev.lanewise.spark;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** Spark's kinds of numbers as floats, from rows and arrays as Spark itself has them. */
final class Numbers {
  private Numbers() {}

  static boolean are(DataType type) {
    return type instanceof org.apache.spark.sql.types.NumericType;
  }

  /** Returns a number that is there. */
  static float of(SpecializedGetters from, int place, DataType type) {
    return switch (type) {
      case FloatType f -> from.getFloat(place);
      case DoubleType d -> (float) from.getDouble(place);
      case IntegerType i -> from.getInt(place);
      case LongType l -> from.getLong(place);
      case ShortType s -> from.getShort(place);
      case ByteType b -> from.getByte(place);
      case DecimalType decimal ->
          from.getDecimal(place, decimal.precision(), decimal.scale()).toBigDecimal().floatValue();
      default -> throw new IllegalArgumentException("no number: " + type.simpleString());
    };
  }

  /** Returns whether one of the values is missing. */
  static boolean missing(ArrayData array) {
    int count = array.numElements();
    for (int i = 0; i < count; i++) {
      if (array.isNullAt(i)) {
        return true;
      }
    }
    return false;
  }

  /** Copies all values of an array of numbers, none of which is missing. */
  static void copy(ArrayData array, DataType type, float[] to, int at) {
    int count = array.numElements();
    if (type instanceof FloatType) { // one copy of its memory
      System.arraycopy(array.toFloatArray(), 0, to, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[at + i] = of(array, i, type);
    }
  }
}
