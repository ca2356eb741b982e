package dev.lanewise.engine.keras;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A type in which a file has floating-point numbers. Those of half the width are widened, which is
 * exact; those of twice the width are rounded to the nearest, as Keras does.
 */
enum FloatType {
  /** IEEE binary16. */
  FLOAT16(2, 5, 10, 15),
  /**
   * The upper half of a float32. NumPy has no such type: Keras stores the bytes and an attribute.
   */
  BFLOAT16(2, 8, 7, 127),
  /** IEEE binary32. */
  FLOAT32(4, 8, 23, 127),
  /** IEEE binary64. */
  FLOAT64(8, 11, 52, 1023);

  /** Says which types are read. */
  static final String READ = "float32, float64, float16 and bfloat16 are read";

  private final int bytes;
  private final int exponentBits;
  private final int mantissaBits;
  private final int bias;

  FloatType(int bytes, int exponentBits, int mantissaBits, int bias) {
    this.bytes = bytes;
    this.exponentBits = exponentBits;
    this.mantissaBits = mantissaBits;
    this.bias = bias;
  }

  int bytes() {
    return bytes;
  }

  /** Returns a data set's type, or null if it is none of these. */
  static @Nullable FloatType ofOrNull(Dataset dataset) {
    DataType type = dataset.getDataType();
    if (type instanceof StringData && type.getSize() == BFLOAT16.bytes) {
      Attribute kind = dataset.getAttribute("dtype");
      boolean marked = kind != null && kind.getSizeInBytes() < 64;
      return marked && "bfloat16".equals(kind.getData()) ? BFLOAT16 : null; // Bfloat16Bytes
    }
    for (FloatType candidate : values()) {
      if (type instanceof FloatingPoint found && candidate.isLaidOutAs(found)) {
        return candidate;
      }
    }
    return null;
  }

  /** A type's fields may lie anywhere in its bytes; the library reads them by their size alone. */
  private boolean isLaidOutAs(FloatingPoint found) {
    return found.getSize() == bytes
        && found.getBitOffset() == 0
        && found.getBitPrecision() == 8 * bytes
        && found.getSignLocation() == 8 * bytes - 1
        && found.getExponentLocation() == mantissaBits
        && found.getExponentSize() == exponentBits
        && found.getMantissaLocation() == 0
        && found.getMantissaSize() == mantissaBits
        && found.getExponentBias() == bias;
  }

  /** Returns a data set's type as a message names it. */
  static String name(Dataset dataset) {
    DataType type = dataset.getDataType();
    String kind =
        switch (type) {
          case FloatingPoint floating -> "an unusual floating-point type";
          case FixedPoint whole -> whole.isSigned() ? "int" : "uint";
          default -> type.getClass().getSimpleName();
        };
    boolean sized = type instanceof FixedPoint;
    return sized ? kind + 8 * type.getSize() : kind + " of " + 8 * type.getSize() + " bits";
  }

  /** Reads a data set of this type, whose size has been held against the bytes that are there. */
  float[] read(Dataset dataset) {
    if (this == BFLOAT16) {
      return upperHalves(dataset);
    }
    return switch (dataset.getDataFlat()) {
      case float[] floats -> floats;
      case double[] doubles -> rounded(doubles);
      default -> new float[0];
    };
  }

  private static float[] rounded(double[] doubles) {
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  private static float[] upperHalves(Dataset dataset) {
    if (!(dataset instanceof ContiguousDataset contiguous)) {
      return new float[0];
    }
    boolean bigEndian =
        dataset.getDataType() instanceof FloatingPoint floating
            && floating.getByteOrder() == ByteOrder.BIG_ENDIAN;
    ByteBuffer bytes = contiguous.getBuffer();
    bytes.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Short.BYTES];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat(bytes.getShort(Short.BYTES * i) << 16);
    }
    return floats;
  }
}
