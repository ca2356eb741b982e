package dev.lanewise.engine.data;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A kind of NumPy's elements, as its arrays' headers name it: known once for all of an array. */
enum NpyType {
  B1(1),
  U1(1),
  I1(1),
  U2(2),
  I2(2),
  U4(4),
  I4(4),
  F4(4),
  U8(8),
  I8(8),
  F8(8);

  /** Bytes of an element. */
  final int bytes;

  NpyType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the kind that has a name, null if there is none. */
  static @Nullable NpyType of(String name) {
    for (NpyType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** Returns element {@code i} of an array. */
  double element(ByteBuffer data, int i) {
    int at = bytes * i;
    return switch (this) {
      case B1, U1 -> data.get(at) & 0xFF;
      case I1 -> data.get(at);
      case U2 -> data.getShort(at) & 0xFFFF;
      case I2 -> data.getShort(at);
      case U4 -> data.getInt(at) & 0xFFFFFFFFL;
      case I4 -> data.getInt(at);
      case F4 -> data.getFloat(at);
      case F8 -> data.getDouble(at);
      case I8 -> data.getLong(at);
      case U8 -> unsigned(data.getLong(at));
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0
        ? bits
        : ((bits >>> 1) | (bits & 1)) * 2.0; // the last bit decides the rounding
  }
}
