package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Content between a header that says what it is and a checksum that says that it is whole: eight
 * bytes of magic, a version, the content's length, the content, and CRC-32C (Castagnoli) of all
 * before it; numbers are big-endian.
 */
final class Sealed {
  private static final byte[] MAGIC = "LWcheckp".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 4;
  private static final int HEADER_BYTES = 8 + Integer.BYTES + Long.BYTES;
  private static final int SEAL_BYTES = Integer.BYTES;

  private Sealed() {}

  static byte[] seal(byte[] content) {
    ByteBuffer file = ByteBuffer.allocate(Math.addExact(content.length, HEADER_BYTES + SEAL_BYTES));
    file.put(MAGIC).putInt(VERSION).putLong(content.length).put(content);
    file.putInt(checksum(file.array(), file.position()));
    return file.array();
  }

  /**
   * Returns the content.
   *
   * @param name names the file in messages
   * @throws DamagedFileException if anything differs from what was sealed
   * @throws IOException if it is whole and of another version
   */
  static byte[] open(byte[] file, String name) throws IOException {
    if (file.length < HEADER_BYTES + SEAL_BYTES) {
      throw new DamagedFileException(name + ": ends after " + file.length + " bytes");
    }
    if (!Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DamagedFileException(name + ": is no checkpoint");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).position(MAGIC.length);
    int version = bytes.getInt();
    long length = bytes.getLong();
    long present = (long) file.length - HEADER_BYTES - SEAL_BYTES;
    if (length != present) {
      throw new DamagedFileException(
          name + ": has " + present + " bytes of " + length + " that were written");
    }
    int end = file.length - SEAL_BYTES;
    if (ByteBuffer.wrap(file).getInt(end) != checksum(file, end)) {
      throw new DamagedFileException(name + ": is damaged, its checksum differs");
    }
    if (version != VERSION) { // and whole: another program's, that can still use it
      throw new IOException(
          name
              + ": has version "
              + version
              + " of the format, this program reads "
              + VERSION
              + "; go on with the program that wrote it");
    }
    return Arrays.copyOfRange(file, HEADER_BYTES, end);
  }

  private static int checksum(byte[] bytes, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, count);
    return (int) crc.getValue();
  }
}
