package dev.lanewise.engine.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A file's bytes with little-endian numbers at given offsets, each read held against the end. */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never compared
record ZipBytes(byte[] array, String name) {
  long length() {
    return array.length;
  }

  int u16(long at) {
    require(at, 2);
    int i = (int) at;
    return (array[i] & 0xFF) | (array[i + 1] & 0xFF) << 8;
  }

  long u32(long at) {
    return u16(at) | (long) u16(at + 2) << 16;
  }

  long i64(long at) {
    return u32(at) | u32(at + 4) << 32;
  }

  String text(long at, int count) {
    require(at, count);
    return new String(array, (int) at, count, StandardCharsets.UTF_8);
  }

  byte[] copy(long at, int count) {
    require(at, count);
    return Arrays.copyOfRange(array, (int) at, (int) at + count);
  }

  private void require(long at, long count) {
    if (at < 0 || count < 0 || at > array.length - count) {
      throw new ArchiveException(
          name + ": the archive ends after " + array.length + " bytes, where more should be");
    }
  }
}
