package dev.lanewise.cli.image;

import java.nio.ByteOrder;
import java.util.Arrays;

/** How a camera was held, from the EXIF data in its pictures. */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int UPRIGHT = 1;
  private static final int ENTRY = 12;

  private Exif() {}

  /**
   * Returns the orientation, 1 to 8.
   *
   * @param file the picture's file
   * @param from where the data begin, with their byte order
   * @param to where they end
   * @throws PictureException if they cannot be understood: how the picture lies is then unknown
   */
  static int orientation(byte[] file, int from, int to) throws PictureException {
    if (from > to) { // of a segment that ends within the letters that say what it is
      throw PictureBytes.damaged("its EXIF data end before they begin");
    }
    byte[] data = Arrays.copyOfRange(file, from, to);
    boolean little = data.length > 0 && data[0] == 'I';
    PictureBytes bytes =
        new PictureBytes(data, little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (!bytes.has(0, little ? "II" : "MM") || bytes.u16(2) != 42) {
      throw PictureBytes.damaged("its EXIF data cannot be understood");
    }
    long at = bytes.i32(4) & 0xFFFFFFFFL;
    int entries = bytes.u16(at);
    for (int i = 0; i < entries; i++) {
      long entry = at + 2 + (long) i * ENTRY;
      if (bytes.u16(entry) == ORIENTATION) {
        int orientation = bytes.u16(entry + 8);
        return orientation >= UPRIGHT && orientation <= 8 ? orientation : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  /**
   * Returns the picture as a viewer shows it: numbers 2 to 4 mirror, above 4 they also transpose.
   */
  static Grey turned(Grey picture, int orientation) {
    if (orientation == UPRIGHT) {
      return picture;
    }
    boolean transposed = orientation > 4;
    int code = transposed ? orientation - 4 : orientation;
    // After the transposition 5 is as it is, 6 is mirrored left to right, 7 both, 8 upside down.
    boolean mirrored = code == 2 || code == 3;
    boolean flipped = code == 3 || code == 4;
    Grey result =
        transposed
            ? new Grey(picture.columns(), picture.rows())
            : new Grey(picture.rows(), picture.columns());
    for (int y = 0; y < result.rows(); y++) {
      for (int x = 0; x < result.columns(); x++) {
        int row = flipped ? result.rows() - 1 - y : y;
        int column = mirrored ? result.columns() - 1 - x : x;
        result.set(y, x, transposed ? picture.get(column, row) : picture.get(row, column));
      }
    }
    return result;
  }
}
