package dev.lanewise.engine.keras;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes arrays of bfloat16 readable. HDF5 libraries store them as opaque elements of two bytes
 * without a tag, and jHDF 0.13.0 reads no group in which such an array is: it looks for the end of
 * the tag in its empty text. A string of two bytes has no further fields either, so the copy of the
 * file in memory says that the elements are strings; {@link FloatType} reads their bytes.
 */
final class Bfloat16Bytes {
  /** The header of a datatype message of 8 bytes (version 1), its flags left out. */
  private static final long MESSAGE = 0x0000_0000_0008_0003L;

  private static final long FLAGS = 0xFFL << 32;

  /** Version 1, class 5 (opaque), no tag, 2 bytes. */
  private static final long OPAQUE = 0x0000_0002_0000_0015L;

  /** Version 1, class 3 (string). */
  private static final byte STRING = 0x13;

  private Bfloat16Bytes() {}

  /** Returns a file's bytes as jHDF can read them: the array itself if there is nothing to do. */
  static byte[] readable(byte[] file) {
    ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    byte[] copy = null;
    for (int at = Long.BYTES; at <= file.length - Long.BYTES; at += Long.BYTES) { // as they lie
      if (words.getLong(at) == OPAQUE && (words.getLong(at - Long.BYTES) & ~FLAGS) == MESSAGE) {
        copy = copy == null ? file.clone() : copy;
        copy[at] = STRING;
      }
    }
    return copy == null ? file : copy;
  }
}
