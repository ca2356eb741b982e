package dev.lanewise.cli.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/** A PNG's chunks (W3C's Portable Network Graphics, third edition): sound, and those of pixels. */
final class PngParts {
  private static final int SIGNATURE = 8;
  private static final int MOST_EXPANSION = 1032; // by deflate

  /** 1 / 2.2: what all pictures without a word on it are taken for. */
  private static final int USUAL_GAMMA = 45_455;

  private final byte[] file;
  private final PictureBytes bytes;
  private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
  private final List<String> notes = new ArrayList<>();
  private int columns;
  private int rows;
  private int bits;
  private long data;
  private int gamma = USUAL_GAMMA;
  private boolean profile;
  private int orientation = 1;

  private PngParts(byte[] file) {
    this.file = file;
    bytes = new PictureBytes(file, ByteOrder.BIG_ENDIAN);
  }

  static PictureParts of(byte[] file) throws PictureException {
    return new PngParts(file).parts();
  }

  private PictureParts parts() throws PictureException {
    bare.write(file, 0, SIGNATURE);
    long at = SIGNATURE;
    String type = "";
    while (!type.equals("IEND")) {
      long length = bytes.i32(at) & 0xFFFFFFFFL;
      bytes.require(at, length + 12);
      type = new String(file, (int) at + 4, 4, StandardCharsets.US_ASCII);
      requireSound((int) at + 4, (int) length + 4);
      if (at == SIGNATURE && !type.equals("IHDR")) {
        throw PictureBytes.damaged("its header is not the first");
      }
      chunk(type, (int) at + 8, (int) length);
      at += length + 12;
    }
    if (profile) {
      notes.add("colour profile not applied");
    } else if (Math.abs(gamma - USUAL_GAMMA) > USUAL_GAMMA / 50) {
      notes.add(String.format(Locale.ROOT, "gamma %.2f not applied", gamma / 100_000.0));
    }
    long room = data * MOST_EXPANSION * 8 / bits;
    return PictureParts.whole("png", bare.toByteArray(), columns, rows, room, orientation, notes);
  }

  private void requireSound(int from, int length) throws PictureException {
    CRC32 crc = new CRC32();
    crc.update(file, from, length);
    if ((int) crc.getValue() != bytes.i32((long) from + length)) {
      throw PictureBytes.damaged("a checksum differs");
    }
  }

  private void chunk(String type, int at, int length) throws PictureException {
    switch (type) {
      case "IHDR" -> header(at);
      case "IDAT" -> data += length;
      case "gAMA" -> gamma = bytes.i32(at);
      case "iCCP", "cICP" -> profile = true;
      case "sRGB" -> gamma = USUAL_GAMMA;
      case "eXIf" -> orientation = Exif.orientation(file, at, at + length);
      case "acTL" -> requireOne(bytes.i32(at));
      default -> {
        boolean known = type.equals("PLTE") || type.equals("IEND");
        if (Character.isUpperCase(type.charAt(0)) && !known) {
          throw PictureBytes.damaged("it has a part of an unknown kind");
        }
      }
    }
    if (Character.isUpperCase(type.charAt(0)) || type.equals("tRNS")) {
      bare.write(file, at - 8, length + 12);
    }
  }

  private void header(int at) throws PictureException {
    columns = bytes.i32(at);
    rows = bytes.i32(at + 4L);
    int depth = bytes.u8(at + 8L);
    int colours = bytes.u8(at + 9L);
    int channels =
        switch (colours) {
          case 0, 3 -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 0;
        };
    bits = depth * channels;
    if (columns < 1 || rows < 1 || bits < 1) {
      throw PictureBytes.damaged("its header claims what no PNG has");
    }
    if (depth == 16) {
      notes.add("16 bits rounded to 8");
    }
  }

  private static void requireOne(int pictures) throws PictureException {
    if (pictures != 1) {
      throw new PictureException("is an animation of " + pictures + " pictures, expected one");
    }
  }
}
