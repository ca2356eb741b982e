package dev.lanewise.cli.image;

import static dev.lanewise.cli.image.PictureBuilder.hex;
import static dev.lanewise.cli.image.PictureBuilder.joined;
import static dev.lanewise.cli.image.PictureBuilder.png;
import static dev.lanewise.cli.image.PictureBuilder.ramp;
import static dev.lanewise.cli.image.PictureBuilder.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.FormatException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that claim what is not there. */
class HostilePictureTest {
  private static final int[] GREY = {8, 0, 0};

  @TempDir Path folder;

  private void refused(byte[] file, String message) throws IOException {
    Path path = Files.write(folder.resolve("picture"), file);
    assertThatThrownBy(() -> PictureFile.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message);
  }

  /** Returns a GIF of a few codes that claims this size. */
  private static byte[] claim(String size) {
    return hex(
        "474946383961" + size + "8000 00 000000 ffffff 2c 00000000" + size + "00 02 02 4401 00 3b");
  }

  @Test
  @Timeout(10)
  void whatTheBytesCannotHoldIsNotAllocated() throws IOException {
    refused(claim("ffffffff"), "claims 65535 x 65535 pixels, at most 64 million are decoded");
    refused(claim("84188418"), "claims 6276 x 6276 pixels, more than its 35 bytes can hold");
    refused(png(7000, 7000, GREY, hex("00")), "claims 7000 x 7000 pixels, more than its");
    refused(png(100_000, 100_000, GREY, hex("00")), "claims 100000 x 100000 pixels, at most");
    byte[] jpeg = written(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "jpg");
    byte[] bmp = written(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "bmp");
    for (int i = 0; i < jpeg.length - 9; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
        ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 7000).putShort(i + 7, (short) 7000);
      }
    }
    refused(jpeg, "claims 7000 x 7000 pixels, more than its");
    ByteBuffer.wrap(bmp)
        .putInt(18, Integer.reverseBytes(7000))
        .putInt(22, Integer.reverseBytes(-7000));
    refused(bmp, "of 49000000 bytes");
  }

  @Test
  @Timeout(10)
  void aJpegOfManyScansIsNotDecoded() throws IOException {
    byte[] jpeg = written(ramp(BufferedImage.TYPE_BYTE_GRAY), "jpg");
    byte[] scans = new byte[0];
    for (int i = 0; i < 200; i++) {
      scans = joined(scans, hex("ffda 0008 01 01 00 00 00 00"));
    }
    refused(joined(jpeg, scans), "is a JPEG of 201 scans, at most 100 are decoded");
  }

  /** Found after 64 kB had kept a decoder busy for nine seconds: each scan goes over all pixels. */
  @Test
  @Timeout(10)
  void aFewScansOfManyPixelsAreNotDecodedEither() throws IOException {
    byte[] jpeg = written(ramp(BufferedImage.TYPE_BYTE_GRAY), "jpg");
    for (int i = 0; i < jpeg.length - 9; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
        ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 5000).putShort(i + 7, (short) 5000);
      }
    }
    byte[] scans = new byte[0];
    for (int i = 0; i < 49; i++) {
      scans = joined(scans, hex("ffda 0008 01 01 00 00 00 00"), new byte[1300]);
    }
    refused(joined(jpeg, scans), "is a JPEG of 50 scans of 25000000 pixels each, too many");
  }

  @Test
  void exifDataThatEndBeforeTheyBeginAreRefused() throws IOException {
    byte[] jpeg = written(ramp(BufferedImage.TYPE_BYTE_GRAY), "jpg");
    byte[] segment = joined(hex("ffd8 ffe1 0004"), hex("457869660000"), hex("4d4d002a"));
    refused(
        joined(segment, Arrays.copyOfRange(jpeg, 2, jpeg.length)),
        "the picture is damaged (its EXIF data end before they begin)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
  void noTruncationIsFilledUp(String format) throws IOException {
    BufferedImage noise = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = new byte[400];
    new Random(2).nextBytes(pixels);
    noise.getRaster().setDataElements(0, 0, 20, 20, pixels);
    byte[] whole = written(noise, format);
    Path path = Files.write(folder.resolve("whole"), whole);
    assertThat(PictureFile.read(path).grey().rows()).isEqualTo(20);
    for (int length = 0; length < whole.length - (format.equals("gif") ? 2 : 0); length++) {
      refused(Arrays.copyOf(whole, length), "");
    }
  }

  @Test
  void aFlippedBitOfAPngIsFound() throws IOException {
    byte[] whole = written(ramp(BufferedImage.TYPE_BYTE_GRAY), "png");
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      byte[] flipped = whole.clone();
      int bit = random.nextInt(whole.length * 8);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      refused(flipped, "");
    }
  }

  @Test
  void whatIsNoPictureIsNamed() throws IOException {
    refused(hex("49492a0008000000"), "is a TIFF picture, expected a PNG, JPEG, GIF or BMP picture");
    refused("hello".getBytes(StandardCharsets.ISO_8859_1), "is text, expected a PNG");
    refused(new byte[0], "is an empty file");
    assertThatThrownBy(() -> PictureFile.read(folder.resolve("none.png")))
        .hasMessageEndingWith("no such file");
  }
}
