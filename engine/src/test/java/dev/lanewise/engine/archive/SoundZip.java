package dev.lanewise.engine.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Zip files with the checksums that their members have: what a fuzzer cannot guess. */
public final class SoundZip {
  private static final int END = 22;
  private static final int MOST_MEMBERS = 16;
  private static final int MOST_BYTES = 1 << 16;

  private SoundZip() {}

  /** Returns a copy in which each member that can be unpacked has its checksum, in both places. */
  public static byte[] of(byte[] file) {
    byte[] sound = file.clone();
    ByteBuffer bytes = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
    int end = file.length - END;
    if (end < 0 || bytes.getInt(end) != 0x06054b50) {
      return sound;
    }
    long at = bytes.getInt(end + 16) & 0xFFFFFFFFL;
    for (int i = 0; i < MOST_MEMBERS && at + 46 <= end; i++) {
      int entry = (int) at;
      long header = bytes.getInt(entry + 42) & 0xFFFFFFFFL;
      if (header + 30 <= end) {
        int data =
            (int) header
                + 30
                + (bytes.getShort((int) header + 26) & 0xFFFF)
                + (bytes.getShort((int) header + 28) & 0xFFFF);
        byte[] content = content(bytes, entry, data, end);
        if (content != null) {
          CRC32 crc = new CRC32();
          crc.update(content);
          bytes.putInt(entry + 16, (int) crc.getValue());
          bytes.putInt((int) header + 14, (int) crc.getValue());
        }
      }
      at +=
          46
              + (bytes.getShort(entry + 28) & 0xFFFF)
              + (bytes.getShort(entry + 30) & 0xFFFF)
              + (bytes.getShort(entry + 32) & 0xFFFF);
    }
    return sound;
  }

  private static byte[] content(ByteBuffer bytes, int entry, int data, int end) {
    long stored = bytes.getInt(entry + 20) & 0xFFFFFFFFL;
    long size = bytes.getInt(entry + 24) & 0xFFFFFFFFL;
    if (data + stored > end || size > MOST_BYTES) {
      return null;
    }
    byte[] content = new byte[(int) size];
    if (bytes.getShort(entry + 10) == 0) {
      if (size != stored) {
        return null;
      }
      bytes.get(data, content);
      return content;
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes.array(), data, (int) stored);
      return inflater.inflate(content) == size ? content : null;
    } catch (DataFormatException e) {
      return null; // as damaged as the fuzzer made it
    } finally {
      inflater.end();
    }
  }
}
