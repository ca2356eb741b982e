package dev.lanewise.cli.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A JPEG's segments (ITU T.81): its size, its colours, how it lies, and what makes its pixels. */
final class JpegParts {
  private static final int START = 0xD8;
  private static final int SCAN = 0xDA;
  private static final int COMMENT = 0xFE;
  private static final int APP = 0xE0;
  private static final int EXIF = 0xE1;
  private static final int PROFILE = 0xE2;
  private static final int ADOBE = 0xEE;
  private static final int LAST_APP = 0xEF;

  /** A block of 64 pixels takes a bit at the least. */
  private static final long MOST_PIXELS_A_BYTE = 8 * 64;

  /** Each goes over all pixels; encoders write a dozen. */
  private static final int MOST_SCANS = 100;

  /** How often pixels that the bytes could hold but once are gone over. */
  private static final int MOST_PASSES = 16;

  /** A dozen scans of the largest picture. */
  private static final long MOST_WORK = 12L * PictureFile.MOST_PIXELS;

  private final byte[] file;
  private final PictureBytes bytes;
  private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
  private final List<String> notes = new ArrayList<>();
  private int columns;
  private int rows;
  private int orientation = 1;

  private JpegParts(byte[] file) {
    this.file = file;
    bytes = new PictureBytes(file, ByteOrder.BIG_ENDIAN);
  }

  static PictureParts of(byte[] file) throws PictureException {
    return new JpegParts(file).parts();
  }

  private PictureParts parts() throws PictureException {
    bare.write(file, 0, 2);
    int at = 2;
    int marker = START;
    while (marker != SCAN) {
      if (bytes.u8(at) != 0xFF) {
        throw PictureBytes.damaged("a segment does not begin at byte " + at);
      }
      marker = bytes.u8(at + 1L);
      if (marker == 0xFF) { // a fill byte
        at++;
        continue;
      }
      int length = bytes.u16(at + 2L);
      bytes.require(at + 2L, length);
      segment(marker, at + 4, at + 2 + length);
      boolean ofPixels = marker < APP || marker > COMMENT || isColourSegment(marker, at + 4);
      if (ofPixels && marker != COMMENT) {
        bare.write(file, at, length + 2);
      }
      at += length + 2;
    }
    if (columns < 1 || rows < 1) {
      throw PictureBytes.damaged("it has no size");
    }
    long room = (file.length - at) * MOST_PIXELS_A_BYTE;
    requireFewScans(at, room);
    bare.write(file, at, file.length - at);
    return PictureParts.whole("jpeg", bare.toByteArray(), columns, rows, room, orientation, notes);
  }

  /** JFIF's and Adobe's segments say which colours the components are. */
  private boolean isColourSegment(int marker, int at) {
    return (marker == APP && bytes.has(at, "JFIF\0"))
        || (marker == ADOBE && bytes.has(at, "Adobe"));
  }

  private void segment(int marker, int at, int end) throws PictureException {
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
      frame(marker, at);
    } else if (marker == EXIF && bytes.has(at, "Exif\0\0")) {
      orientation = Exif.orientation(file, at + 6, end);
    } else if (marker == PROFILE && bytes.has(at, "ICC_PROFILE\0") && notes.isEmpty()) {
      notes.add("colour profile not applied");
    } else if ((marker > LAST_APP && marker < COMMENT) || marker < 0xC0) {
      throw PictureBytes.damaged("it has a segment of kind " + Integer.toHexString(marker));
    }
  }

  private void frame(int marker, int at) throws PictureException {
    if (marker > 0xC2) {
      throw new PictureException(
          "is a lossless, hierarchical or arithmetic-coded JPEG; baseline and progressive ones are"
              + " read");
    }
    int precision = bytes.u8(at);
    int components = bytes.u8(at + 5L);
    if (precision != 8) {
      throw new PictureException("is a JPEG of " + precision + " bits, those of 8 are read");
    }
    if (components != 1 && components != 3) {
      throw new PictureException(
          (components == 4 ? "is a JPEG in CMYK" : "is a JPEG of " + components + " components")
              + ", those in grey or RGB are read; save it as one of them");
    }
    rows = bytes.u16(at + 1L);
    columns = bytes.u16(at + 3L);
  }

  private void requireFewScans(int from, long room) throws PictureException {
    int scans = 1;
    for (int i = from; i + 1 < file.length; i++) {
      scans += (file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == SCAN ? 1 : 0;
    }
    if (scans > MOST_SCANS) {
      throw new PictureException(
          "is a JPEG of " + scans + " scans, at most " + MOST_SCANS + " are decoded");
    }
    long pixels = (long) columns * rows;
    if (pixels <= room && pixels * scans > Math.min(MOST_WORK, MOST_PASSES * room)) {
      throw new PictureException(
          "is a JPEG of " + scans + " scans of " + pixels + " pixels each, too many to decode");
    }
  }
}
