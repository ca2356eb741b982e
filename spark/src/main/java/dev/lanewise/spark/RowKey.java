package dev.lanewise.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/** A column of ids as bytes whose unsigned order is that of the ids. */
final class RowKey implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int ordinal;

  @SuppressWarnings("serial") // all of Spark's are serializable, and none says so
  private final DataType type;

  /**
   * Describes a column.
   *
   * @throws IllegalArgumentException if its values are neither whole numbers nor texts
   */
  RowKey(String name, int ordinal, DataType type) {
    this.name = name;
    this.ordinal = ordinal;
    this.type = type;
    if (!(type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType
        || type instanceof StringType)) {
      throw new IllegalArgumentException(
          "SparkFit: column "
              + name
              + " must be whole numbers or texts, found "
              + type.simpleString());
    }
  }

  /**
   * Returns a row's id.
   *
   * @throws IllegalArgumentException if it has none
   */
  byte[] of(InternalRow row) {
    if (row.isNullAt(ordinal)) {
      throw new IllegalArgumentException("column " + name + ": there is no id");
    }
    return switch (type) {
      case ByteType b -> ofNumber(row.getByte(ordinal));
      case ShortType s -> ofNumber(row.getShort(ordinal));
      case IntegerType i -> ofNumber(row.getInt(ordinal));
      case LongType l -> ofNumber(row.getLong(ordinal));
      default -> row.getUTF8String(ordinal).getBytes();
    };
  }

  private static byte[] ofNumber(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id ^ Long.MIN_VALUE).array();
  }

  /** Returns an id as messages show it. */
  String shown(InternalRow row) {
    return row.isNullAt(ordinal) ? "without an id" : String.valueOf(row.get(ordinal, type));
  }

  /** Returns the refusal of two rows with one id. */
  IllegalArgumentException twice(byte[] id) {
    String shown =
        type instanceof StringType
            ? new String(id, StandardCharsets.UTF_8)
            : String.valueOf(ByteBuffer.wrap(id).getLong() ^ Long.MIN_VALUE);
    return new IllegalArgumentException(
        "SparkFit: row " + shown + ", column " + name + ": two rows have this id");
  }
}
