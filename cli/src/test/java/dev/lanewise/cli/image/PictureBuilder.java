package dev.lanewise.cli.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Picture files made byte by byte, with what no writer of Java's writes. */
final class PictureBuilder {
  private PictureBuilder() {}

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] chunk(String type, byte[] content) {
    byte[] typed = joined(type.getBytes(StandardCharsets.US_ASCII), content);
    CRC32 crc = new CRC32();
    crc.update(typed);
    ByteBuffer chunk = ByteBuffer.allocate(8 + typed.length);
    return chunk.putInt(content.length).put(typed).putInt((int) crc.getValue()).array();
  }

  /**
   * Returns a PNG.
   *
   * @param header depth, colour type and interlacing
   * @param rows filter bytes and all
   * @param between chunks in front of the data
   */
  static byte[] png(int columns, int rows, int[] header, byte[] data, byte[]... between) {
    ByteBuffer ihdr = ByteBuffer.allocate(13).putInt(columns).putInt(rows);
    ihdr.put((byte) header[0]).put((byte) header[1]).put(12, (byte) header[2]);
    return joined(
        hex("89504e470d0a1a0a"),
        chunk("IHDR", ihdr.array()),
        joined(between),
        chunk("IDAT", packed(data)),
        chunk("IEND", new byte[0]));
  }

  static byte[] packed(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Returns a picture as Java writes it. */
  static byte[] written(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException(format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Returns a JPEG with a segment behind its first two bytes. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteBuffer segment = ByteBuffer.allocate(4 + content.length);
    segment.put((byte) 0xFF).put((byte) marker).putShort((short) (content.length + 2)).put(content);
    byte[] rest = Arrays.copyOfRange(jpeg, 2, jpeg.length);
    return joined(hex("ffd8"), segment.array(), rest);
  }

  /** Returns EXIF data with nothing but an orientation. */
  static byte[] orientation(int number) {
    return joined(
        hex("4d4d002a 00000008 0001 0112 0003 00000001"),
        new byte[] {0, (byte) number, 0, 0},
        new byte[4]);
  }

  /** A picture of all grey levels, 16 by 16. */
  static BufferedImage ramp(int type) {
    BufferedImage image = new BufferedImage(16, 16, type);
    for (int i = 0; i < 256; i++) {
      if (image.getRaster().getNumBands() == 1) {
        image.getRaster().setSample(i % 16, i / 16, 0, i);
      } else {
        image.setRGB(i % 16, i / 16, 0xFF000000 | i * 0x010101);
      }
    }
    return image;
  }
}
