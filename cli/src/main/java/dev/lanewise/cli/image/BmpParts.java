package dev.lanewise.cli.image;

import java.nio.ByteOrder;
import java.util.List;

/** A BMP's header: its size, and whether its pixels are there. */
final class BmpParts {
  private static final int HEADER = 14;
  private static final int OLDEST = 12;
  private static final int WITH_COLOUR_SPACE = 108;
  private static final int RUN_LENGTHS_8 = 1;
  private static final int RUN_LENGTHS_4 = 2;
  private static final int BIT_FIELDS = 3;

  /** Two bytes stand for 255 pixels. */
  private static final long MOST_PIXELS_A_BYTE = 128;

  private BmpParts() {}

  static PictureParts of(byte[] file) throws PictureException {
    PictureBytes bytes = new PictureBytes(file, ByteOrder.LITTLE_ENDIAN);
    int size = bytes.i32(HEADER);
    boolean old = size == OLDEST;
    int columns = old ? bytes.u16(HEADER + 4L) : bytes.i32(HEADER + 4L);
    int height = old ? bytes.u16(HEADER + 6L) : bytes.i32(HEADER + 8L); // negative: top row first
    int bits = bytes.u16(HEADER + (old ? 10L : 14L));
    int packing = old ? 0 : bytes.i32(HEADER + 16L);
    if (columns < 1 || height == 0 || height == Integer.MIN_VALUE || bits < 1 || bits > 32) {
      throw PictureBytes.damaged("its header claims what no BMP has");
    }
    int rows = Math.abs(height);
    long data = Math.max(0, file.length - (bytes.i32(HEADER - 4L) & 0xFFFFFFFFL));
    boolean runs = packing == RUN_LENGTHS_8 || packing == RUN_LENGTHS_4;
    if (!runs && packing != 0 && packing != BIT_FIELDS) {
      throw new PictureException(
          "is a BMP packed by method " + packing + ", runs or none are read");
    }
    long row = ((long) columns * bits + 31) / 32 * 4;
    if (!runs && row * rows > data) {
      throw PictureBytes.damaged("it ends after " + data + " of " + row * rows + " bytes");
    }
    return PictureParts.whole(
        "bmp",
        file,
        columns,
        rows,
        runs ? data * MOST_PIXELS_A_BYTE : (long) columns * rows,
        1,
        notes(bytes, size));
  }

  private static List<String> notes(PictureBytes bytes, int size) throws PictureException {
    if (size < WITH_COLOUR_SPACE) {
      return List.of();
    }
    if (bytes.has(HEADER + 56L, "KNIL")) { // a number, so its letters are the wrong way round
      throw new PictureException(
          "is a BMP whose colour profile is another file, which is not read");
    }
    return bytes.has(HEADER + 56L, "DEBM") ? List.of("colour profile not applied") : List.of();
  }
}
