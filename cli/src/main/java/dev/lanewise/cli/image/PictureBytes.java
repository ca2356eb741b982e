package dev.lanewise.cli.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers at places of a file, and what is told where it ends too soon. */
final class PictureBytes {
  private final byte[] bytes;
  private final ByteBuffer numbers;

  PictureBytes(byte[] bytes, ByteOrder order) {
    this.bytes = bytes;
    numbers = ByteBuffer.wrap(bytes).order(order);
  }

  int length() {
    return bytes.length;
  }

  /** Refuses a file that has not so many bytes at a place. */
  void require(long at, long count) throws PictureException {
    if (at < 0 || count < 0 || at + count > bytes.length) {
      throw damaged("it ends after " + bytes.length + " bytes");
    }
  }

  static PictureException damaged(String how) {
    return new PictureException("the picture is damaged (" + how + ")");
  }

  int u8(long at) throws PictureException {
    require(at, 1);
    return bytes[(int) at] & 0xFF;
  }

  int u16(long at) throws PictureException {
    require(at, 2);
    return numbers.getShort((int) at) & 0xFFFF;
  }

  int i32(long at) throws PictureException {
    require(at, 4);
    return numbers.getInt((int) at);
  }

  /** Returns whether these characters stand at a place. */
  boolean has(long at, String ascii) {
    if (at < 0 || at + ascii.length() > bytes.length) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[(int) at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
