package dev.lanewise.engine.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** IDX files made in memory. */
final class IdxBytes {
  private IdxBytes() {}

  static byte[] idx(int[] sizes, int... elements) {
    return withMagic(0x0800 | sizes.length, sizes, elements);
  }

  static byte[] withMagic(int magic, int[] sizes, int... elements) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + elements.length);
    bytes.putInt(magic);
    for (int size : sizes) {
      bytes.putInt(size);
    }
    for (int element : elements) {
      bytes.put((byte) element);
    }
    return bytes.array();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
