package dev.lanewise.cli.image;

import java.util.List;

/**
 * What a picture's file says before it is decoded, and what is given to the decoder: the pixels'
 * own parts alone, so that no profile, gamma or text in the file makes it do anything else.
 *
 * @param format the decoder's name
 * @param bare the file without what does not make pixels
 * @param columns of the picture that is encoded
 * @param rows of the picture that is encoded
 * @param room the most pixels that so many bytes can hold
 * @param frame where the picture lies
 * @param orientation how a viewer turns it, by EXIF's numbers; 1 is not at all
 * @param notes what is left unheeded, in words
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never compared
record PictureParts(
    String format,
    byte[] bare,
    int columns,
    int rows,
    long room,
    Frame frame,
    int orientation,
    List<String> notes) {
  /**
   * A place on a larger picture, the rest of which is transparent.
   *
   * @param x its first column there
   * @param y its first row there
   * @param columns of the whole
   * @param rows of the whole
   */
  record Frame(int x, int y, int columns, int rows) {}

  /** Returns the parts of a picture that fills its frame. */
  static PictureParts whole(
      String format,
      byte[] bare,
      int columns,
      int rows,
      long room,
      int orientation,
      List<String> notes) {
    Frame frame = new Frame(0, 0, columns, rows);
    return new PictureParts(format, bare, columns, rows, room, frame, orientation, notes);
  }

  /** Returns the pixels that are to be held. */
  long pixels() {
    return Math.max((long) columns * rows, (long) frame.columns * frame.rows);
  }
}
