package dev.lanewise.cli.image;

import java.nio.ByteOrder;
import java.util.List;

/** A GIF's blocks (GIF89a): the one picture that it holds, and where that lies on its screen. */
final class GifParts {
  private static final int SCREEN = 6;
  private static final int FIRST_BLOCK = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int TRAILER = 0x3B;

  /** LZW's codes have 12 bits and stand for 4,095 pixels, once they have grown to that. */
  private static final long MOST_PIXELS_A_BYTE = 4095 * 8 / 12 + 1;

  private final PictureBytes bytes;
  private int columns;
  private int rows;
  private int x;
  private int y;

  private GifParts(byte[] file) {
    bytes = new PictureBytes(file, ByteOrder.LITTLE_ENDIAN);
  }

  static PictureParts of(byte[] file) throws PictureException {
    return new GifParts(file).parts(file);
  }

  private PictureParts parts(byte[] file) throws PictureException {
    int pictures = pictures();
    if (pictures != 1) {
      throw new PictureException(
          pictures == 0
              ? "is a GIF without a picture"
              : "is an animation of " + pictures + " pictures, expected one");
    }
    int width = bytes.u16(SCREEN);
    int height = bytes.u16(SCREEN + 2L);
    PictureParts.Frame frame = new PictureParts.Frame(x, y, width, height);
    if (width == 0 && height == 0) { // as some programs write it: no screen but the picture
      frame = new PictureParts.Frame(0, 0, columns, rows);
    } else if (x + columns > width || y + rows > height) {
      throw PictureBytes.damaged(
          "its " + columns + " x " + rows + " pixels do not fit its " + width + " x " + height);
    }
    long length = file.length;
    // The k-th code stands for k pixels at most, and codes have two bits at least.
    long room = Math.min(MOST_PIXELS_A_BYTE * length, 8 * length * length);
    return new PictureParts("gif", file, columns, rows, room, frame, 1, List.of());
  }

  private int pictures() throws PictureException {
    long at = FIRST_BLOCK + (long) table(bytes.u8(SCREEN + 4L));
    int count = 0;
    while (at < bytes.length() && bytes.u8(at) != TRAILER) {
      switch (bytes.u8(at)) {
        case EXTENSION -> at = afterSubBlocks(at + 2);
        case IMAGE -> {
          if (count++ == 0) {
            x = bytes.u16(at + 1);
            y = bytes.u16(at + 3);
            columns = bytes.u16(at + 5);
            rows = bytes.u16(at + 7);
          }
          at = afterSubBlocks(at + 11 + table(bytes.u8(at + 9)));
        }
        default -> throw PictureBytes.damaged("it has a block of an unknown kind");
      }
    }
    return count;
  }

  /** Returns the bytes of a colour table. */
  private static int table(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private long afterSubBlocks(long from) throws PictureException {
    long at = from;
    while (bytes.u8(at) != 0) {
      at += bytes.u8(at) + 1L;
    }
    return at + 1;
  }
}
